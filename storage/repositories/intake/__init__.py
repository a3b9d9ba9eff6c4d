"""Intake: how clients' messages become tickets, or part of them.

Messages, edits, deletions, reactions, shortcuts, reports by staff, and Slack's history.
"""
