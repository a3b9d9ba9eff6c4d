"""The use cases of the desk. Each runs inside a transaction that its caller opens and commits."""
