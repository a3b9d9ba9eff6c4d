"""Builders of the messages, cards and dialogs that people see. They are pure functions that return
Block Kit."""
