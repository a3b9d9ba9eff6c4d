"""Explain in sentences why a calendar is closed or open: holidays, weekdays, closing times."""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from itertools import groupby

from bot.domain.sla.calendars.calendar import ONE_DAY, Calendar
from bot.views.sla.calendar_words import WEEKDAYS, date_words, hours_words, instant_words

# Enough for several years in several calendars: a batch of tickets repeats the same questions.
_REMEMBERED = 16_384
_COVERED = "covered"
_NOT_COVERED = "not covered"


def closed_reasons(calendar: Calendar, start: datetime, first: date, last: date) -> tuple[str, ...]:
    """Return why nothing is covered from an instant until the next opening, one sentence an item.

    `start` is in UTC, on the local date `first`; the next opening is on the local date `last`.
    """
    return _reasons(calendar, first, last, calendar.last_close(start))


@lru_cache(maxsize=_REMEMBERED)
def closed_dates(calendar: Calendar, first: date, last: date) -> tuple[str, ...]:
    """Return why dates from `first` to `last` are not business days, one sentence for each reason.

    Consecutive dates with the same reason share a sentence.
    """
    runs = groupby(_dates(first, last), key=lambda day: _state(calendar, day))
    return tuple(_run_words(*state, list(run)) for state, run in runs if state[0] != _COVERED)


def open_besides(calendar: Calendar, first: date, last: date) -> Iterator[str]:
    """Yield a sentence for each date from `first` to `last` that is open as an exception.

    Exceptions are dates with their own windows and dates that a holiday does not close here.
    """
    if not calendar.extra_open and not calendar.extra_windows:
        return
    for day in _dates(first, last):
        words = date_words(day)
        if calendar.has_own_windows(day):
            hours = [window for other, window in calendar.extra_windows if other == day]
            yield f"{words} has hours of its own: {', '.join(map(hours_words, hours))}."
        elif day in calendar.extra_open and (holiday := calendar.holiday_on(day)):
            yield f"{words} is not closed for {holiday}."


def extra_dates(calendar: Calendar) -> Iterator[str]:
    """Yield a sentence for each date that differs from the weekly windows and holidays."""
    for day, name in sorted(calendar.extra_closed):
        yield f"{date_words(day)} is closed for {name}."
    for day in sorted({*calendar.extra_open, *dict(calendar.extra_windows)}):
        yield from open_besides(calendar, day, day)


@lru_cache(maxsize=_REMEMBERED)
def _reasons(
    calendar: Calendar, first: date, last: date, closed: datetime | None
) -> tuple[str, ...]:
    # A close on the day before, or at the midnight that begins a closed date, is no explanation.
    if closed and calendar.local(closed).replace(tzinfo=None) > datetime.combine(first, time()):
        # If a night shift ended on a date without a window, its closing time explains the rest of
        # that date.
        closing = f"Coverage closed {instant_words(calendar.local(closed))}."
        return closing, *closed_dates(calendar, first + ONE_DAY, last)
    dates = closed_dates(calendar, first, last)
    if first == last and calendar.windows_on(first):
        return *dates, f"Coverage on {date_words(first)} has not opened yet."
    return dates


def _state(calendar: Calendar, day: date) -> tuple[str, str]:
    if holiday := calendar.closed_for(day):
        return "holiday", holiday
    return (_COVERED if calendar.windows_on(day) else _NOT_COVERED), ""


def _run_words(kind: str, holiday: str, run: list[date]) -> str:
    verb = "is" if len(run) == 1 else "are"
    dates = _joined([date_words(day) for day in run])
    if kind == _NOT_COVERED:
        weekdays = _joined([WEEKDAYS[day.weekday()] for day in run])
        return f"{weekdays} {verb} not covered ({dates})."
    return f"{dates} {verb} closed for {holiday}."


def _joined(words: list[str]) -> str:
    if len(words) > 2:
        return f"{words[0]} to {words[-1]}"
    return " and ".join(words)


def _dates(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
