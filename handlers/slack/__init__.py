"""Slack's door: a delivery from Slack becomes one call of one use-case."""
