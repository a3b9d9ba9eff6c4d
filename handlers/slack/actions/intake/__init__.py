"""Intake: how clients' messages become tickets, or part of them."""
