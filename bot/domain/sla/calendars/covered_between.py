"""Measure the covered time between two instants."""

from datetime import datetime, timedelta

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.coverage import month_of
from bot.time_source import aware


def covered_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return the covered time in `[start, end)`: "only working-time overlap of a pause counts".

    Raises ValueError for a naive instant, or if the end is before the start.
    """
    start, end = aware(start), aware(end)
    if end < start:
        raise ValueError(f"{end.isoformat()} is before {start.isoformat()}: give them in order")
    first, last = month_of(start), month_of(end)
    passed = calendar.covered_in(last).passed_at(end) - calendar.covered_in(first).passed_at(start)
    for month in range(first, last):
        passed += calendar.covered_in(month).total
    return passed
