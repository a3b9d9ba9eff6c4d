"""Compute when a target is due."""

from datetime import date, datetime, timedelta
from itertools import islice

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.coverage import month_begins, month_of
from bot.domain.sla.calendars.wall_time import instant_of
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)
from bot.time_source import aware


def due_at(
    target: Target, calendar: Calendar, opened_at: datetime, starts_at: datetime
) -> datetime | None:
    """Return when the target is due, in UTC; None for a promise without a clock."""
    match target:
        case ClockTime(length):
            return starts_at + length
        case CoveredTime(length):
            return after_covered_time(calendar, starts_at, length)
        case BusinessDays(days):
            return after_business_days(calendar, starts_at, days)
        case NextBusinessDay():
            return close_of_next_business_day(calendar, opened_at)
        case NoClock():
            return None


def after_covered_time(calendar: Calendar, starts_at: datetime, length: timedelta) -> datetime:
    """Return the earliest instant when `length` of covered time has passed since the start.

    A target that is used up exactly at closing is due at closing, not at the next opening. A length
    of zero ends at the next opening.
    """
    starts_at = aware(starts_at)
    month = month_of(starts_at)
    coverage = calendar.covered_in(month)
    first, passed = coverage.first_after(starts_at), coverage.passed_at(starts_at) + length
    if first < len(coverage.starts) and passed <= coverage.total:
        return coverage.instant_at(passed, first)
    return _in_a_later_month(calendar, month_begins(month + 1), passed - coverage.total)


def _in_a_later_month(calendar: Calendar, instant: datetime, left: timedelta) -> datetime:
    for coverage in calendar.months_from(instant):
        if coverage.starts and left <= coverage.total:
            return coverage.instant_at(left, 0)
        left -= coverage.total
    raise AssertionError("months go on until the calendar says that it never opens")


def after_business_days(calendar: Calendar, starts_at: datetime, days: int) -> datetime:
    """Return the same wall time `days` business days later, clamped into that day's windows."""
    local = calendar.local(starts_at)
    day = business_day_after(calendar, local.date(), days)
    instant = instant_of(day, local.time(), calendar.zone_info)
    start, end = calendar.windows_on(day)[0]
    if start <= instant < end or calendar.is_open(instant):
        return instant
    return _clamped(calendar, day, instant)


def close_of_next_business_day(calendar: Calendar, opened_at: datetime) -> datetime:
    """Return the last close of the first business day after the local date of the opening."""
    day = business_day_after(calendar, calendar.local(opened_at).date(), 1)
    return calendar.windows_on(day)[-1].end


def business_day_after(calendar: Calendar, day: date, count: int) -> date:
    """Return the business day that is `count` (1 or more) business days after the local date."""
    return next(islice(calendar.business_days_after(day), count - 1, None))


def _clamped(calendar: Calendar, day: date, instant: datetime) -> datetime:
    """Return the last close before the instant, or the first opening of the day if there is
    none."""
    windows = calendar.windows_on(day)
    closed = [window.end for window in windows if window.end <= instant]
    return closed[-1] if closed else windows[0].start
