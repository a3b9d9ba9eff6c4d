"""Agreements: plans, quota, changes of agreements, and recurring tasks."""
