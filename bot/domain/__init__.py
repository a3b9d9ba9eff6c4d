"""What the promises mean: rules as functions of values. Standard library and `holidays` only."""
