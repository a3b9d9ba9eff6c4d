"""Monitoring: health, metrics and the heartbeat."""
