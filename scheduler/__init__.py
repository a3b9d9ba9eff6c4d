"""Time's door: what falls due becomes one call of one use-case."""
