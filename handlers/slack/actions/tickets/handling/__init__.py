"""Handling: work on an open ticket (take, assign, reply, note, wait, snooze)."""
