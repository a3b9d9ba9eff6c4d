"""Pager delivery through Apprise."""
