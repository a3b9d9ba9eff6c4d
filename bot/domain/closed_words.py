"""Why nothing is covered for a while: holidays by name, weekdays, closing time."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from bot.domain.calendar import ONE_DAY, Calendar
from bot.domain.calendar_words import WEEKDAYS, date_words, instant_words

_COVERED = "covered"
_NOT_COVERED = "not covered"


def closed_reasons(calendar: Calendar, start: datetime, end: datetime) -> list[str]:
    """Why nothing is covered in `[start, end)`, which no window reaches into."""
    first, last = calendar.local(start).date(), calendar.local(end).date()
    reasons = closed_dates(calendar, first, last)
    windows = calendar.windows_on(first)
    closes = [window.end for window in windows if window.end <= start]
    if closes:
        return [f"coverage closed {instant_words(calendar.local(closes[-1]))}", *reasons]
    if windows and first == last:
        return [*reasons, f"coverage on {date_words(first)} has not opened yet"]
    return reasons


def closed_dates(calendar: Calendar, first: date, last: date) -> list[str]:
    """Why dates from first to last are no business days; dates in a row with one reason are one."""
    runs = groupby(_dates(first, last), key=lambda day: _state(calendar, day))
    return [_run_words(*state, list(run)) for state, run in runs if state[0] != _COVERED]


def _state(calendar: Calendar, day: date) -> tuple[str, str]:
    if holiday := calendar.closed_for(day):
        return "holiday", holiday
    return (_COVERED if calendar.windows_on(day) else _NOT_COVERED), ""


def _run_words(kind: str, holiday: str, run: list[date]) -> str:
    verb = "is" if len(run) == 1 else "are"
    dates = _joined([date_words(day) for day in run])
    if kind == _NOT_COVERED:
        weekdays = _joined([WEEKDAYS[day.weekday()] for day in run])
        return f"{weekdays} {verb} not covered ({dates})"
    return f"{dates} {verb} closed for {holiday}"


def _joined(words: list[str]) -> str:
    if len(words) > 2:
        return f"{words[0]} to {words[-1]}"
    return " and ".join(words)


def _dates(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
