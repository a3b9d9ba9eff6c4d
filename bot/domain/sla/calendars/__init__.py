"""Calendars: coverage windows, holidays, local times, and typed times."""
