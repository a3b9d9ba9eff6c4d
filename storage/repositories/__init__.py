"""Repositories: all SQL statements, by wing."""
