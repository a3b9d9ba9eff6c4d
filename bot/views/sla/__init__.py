"""Sla: the promised response times.

Calendars, targets, SLA clocks, deadlines, breaches, and their explanations.
"""
