"""Escalation: who is reminded of a clock, and when.

Escalation ladders, pings, held steps, and the pager.
"""
