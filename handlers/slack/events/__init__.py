"""Events from the inbox: each becomes one call of one use-case."""
