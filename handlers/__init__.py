"""Slack's door: what Slack delivers becomes one call of one use-case."""
