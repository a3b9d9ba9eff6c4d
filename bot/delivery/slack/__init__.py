"""Delivery to Slack: the client, and the messenger that empties the outbox."""
