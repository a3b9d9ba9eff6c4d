"""Format dates, times, lengths of time and calendars as English text, independent of the locale."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import groupby

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.wall_time import MINUTES_A_DAY
from bot.domain.sla.calendars.window import Window

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIMES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(MINUTES_A_DAY + 1))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=4096)
def date_words(day: date) -> str:
    """Return a date as "Fri 14 Aug 2026"."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def instant_words(local: datetime) -> str:
    """Return a local time as "Fri 14 Aug 2026, 10:00".

    Seconds are shown only if they are not zero.
    """
    words = f"{date_words(local.date())}, {_TIMES[local.hour * 60 + local.minute]}"
    return f"{words}:{local.second:02d}" if local.second or local.microsecond else words


def utc_words(instant: datetime) -> str:
    """Return an instant as "Fri 14 Aug 2026, 05:00 UTC"."""
    return f"{instant_words(instant.astimezone(UTC))} UTC"


@lru_cache(maxsize=256)
def length_words(length: timedelta) -> str:
    """Return a length of time as "4 hours" or "1 hour 30 minutes".

    Seconds are shown if not zero.
    """
    seconds = length // timedelta(seconds=1)
    parts = ((seconds // 3600, "hour"), (seconds // 60 % 60, "minute"), (seconds % 60, "second"))
    return " ".join(count_words(count, unit) for count, unit in parts if count) or "0 minutes"


def count_words(count: int, unit: str) -> str:
    """Return a count with its unit: "1 hour", "2 hours"."""
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def weekdays_words(weekdays: Iterable[int]) -> str:
    """Return weekdays (0 = Monday) as "Mon–Sat", "Sat and Sun" or "Mon, Wed and Fri"."""
    runs = groupby(enumerate(sorted(weekdays)), key=lambda item: item[1] - item[0])
    words: list[str] = []
    for _, run in runs:
        days = [WEEKDAYS[weekday][:3] for _, weekday in run]
        words += [f"{days[0]}–{days[-1]}"] if len(days) > 2 else days
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def calendar_words(calendar: Calendar) -> str:
    """Return a calendar as "Mon–Sat 08:00–22:00, Asia/Karachi, closed on public holidays (PK)"."""
    holidays = f", closed on public holidays ({calendar.holidays})" if calendar.holidays else ""
    return f"{windows_words(calendar)}, {calendar.zone}{holidays}"


def windows_words(calendar: Calendar) -> str:
    """Return the weekly windows as "Mon–Sat 08:00–22:00", or "round the clock" for all week."""
    weekdays: dict[tuple[int, int], list[int]] = {}
    for window in sorted(calendar.windows):
        weekdays.setdefault((window.start, window.end), []).append(window.weekday)
    if weekdays == {(0, MINUTES_A_DAY): list(range(7))}:
        return "round the clock"
    return "; ".join(
        f"{weekdays_words(days)} {hours_words(Window(days[0], start, end))}"
        for (start, end), days in weekdays.items()
    )


def hours_words(window: Window) -> str:
    """Return the hours of a window as "08:00–22:00", without its weekday."""
    return f"{_minute_words(window.start)}–{_minute_words(window.end)}"


def _minute_words(minute: int) -> str:
    return _TIMES[minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY]
