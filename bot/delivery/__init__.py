"""Delivery: the ways out to Slack and to pagers."""
