"""Interfaces of the store that use-cases need, by wing."""
