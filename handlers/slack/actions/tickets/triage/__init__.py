"""Triage: judgements about a ticket (severity, category, fault, cause, waive)."""
