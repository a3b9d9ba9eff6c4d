"""Targets: how long a promise allows, when it is due, and why."""
