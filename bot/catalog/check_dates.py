"""Check the exceptional dates of a calendar: extra closed and extra open dates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.catalog.faults import Faults
from bot.domain.sla.calendars.parse_windows import parse_hours
from bot.domain.sla.calendars.window import Window, overlaps
from bot.views.sla.calendar_words import WEEKDAYS


def check_dates(
    faults: Faults, key: str, calendar: Mapping[str, Any], windows: Sequence[Window]
) -> None:
    """Report faults in the exceptional dates of a calendar.

    The faults are dates that are both closed and open, overlapping windows of a date, and open
    dates on which no window starts.
    """
    closed = set(_dates(calendar.get("extra_closed")))
    for day, texts in _dates(calendar.get("extra_open")).items():
        if day in closed:
            faults.add(f"{key}.extra_open.{day}", "stands in extra_closed too; leave one out")
        own = list(_windows(day, texts))
        for first, second in overlaps(own):
            faults.add(
                f"{key}.extra_open.{day}",
                f"{first} and {second} overlap; end the one before the other starts",
            )
        if texts is None and windows and all(window.weekday != day.weekday() for window in windows):
            faults.add(
                f"{key}.extra_open.{day}",
                f"no window starts on a {WEEKDAYS[day.weekday()]}; write the date's own: "
                f"extra_open = {{ {day} = '09:00-18:00' }}",
            )


def _dates(entries: object) -> dict[date, object]:
    """Return the dates that can be parsed with their values; None in a plain list of dates.

    The check of the table reports the other entries as faults.
    """
    by_date: dict[date, object] = {}
    listed = {str(day): None for day in entries} if isinstance(entries, list) else entries
    for text, value in listed.items() if isinstance(listed, Mapping) else ():
        try:
            by_date[date.fromisoformat(str(text))] = value
        except ValueError:
            continue
    return by_date


def _windows(day: date, texts: object) -> Iterator[Window]:
    listed = [texts] if isinstance(texts, str) else texts
    for text in listed if isinstance(listed, list) else ():
        try:
            yield Window(day.weekday(), *parse_hours(str(text)))
        except ValueError:
            continue
