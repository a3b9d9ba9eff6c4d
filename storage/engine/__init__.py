"""Engines, connections, locks, and schema upgrades."""
