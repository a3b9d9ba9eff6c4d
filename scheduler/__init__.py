"""The timers' entry points: everything that falls due becomes a call of a use-case."""
