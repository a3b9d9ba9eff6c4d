"""Operations: running the desk.

Clients, staff, channels, delivery failures, health, and audit.
"""
