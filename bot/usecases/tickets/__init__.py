"""Tickets: the life of a ticket.

Handling (take, assign, reply, note, wait, snooze), triage (severity, category, fault, cause,
waive), and closing (resolve, reopen, rate, withdraw, dismiss, merge).
"""
