"""Letting others watch: health, metrics and the heartbeat."""
