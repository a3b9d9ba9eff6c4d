"""Parse weekly windows."""

import re

from bot.domain.sla.calendars.wall_time import MINUTES_A_DAY
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.text_faults import (
    NotATimeOfDay,
    NotAWeekday,
    NotAWindow,
    NotHours,
    NotOvernight,
    WeekdayTwice,
    WindowEndsFirst,
    WindowStartsTooLate,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = tuple[int, int]  # minutes past the midnight that begins the date: start and end

_HOURS = r"(?P<start>[0-9]{2}:[0-9]{2}) ?[-–] ?(?P<end>[0-9]{2}:[0-9]{2})(?P<over> overnight)?"
_WINDOW = re.compile(rf"(?P<days>[A-Za-z, -]+) (?P<hours>{_HOURS})")


def parse_windows(text: str) -> tuple[Window, ...]:
    """Parse "Mon-Fri 09:00-18:00", "Sat,Sun 10:00-24:00" or "Mon-Fri 22:00-06:00 overnight".

    Raises TextFault for any other text.
    """
    match = _WINDOW.fullmatch(text.strip())
    if not match:
        raise NotAWindow(text)
    start, end = _hours(text, match)
    return tuple(Window(weekday, start, end) for weekday in _weekdays(match["days"]))


def parse_hours(text: str) -> Hours:
    """Parse the window of a date: "09:00-18:00" or "22:00-06:00 overnight".

    Raises TextFault for any other text.
    """
    match = re.fullmatch(_HOURS, text.strip())
    if not match:
        raise NotHours(text)
    return _hours(text, match)


def parse_weekday(text: str) -> int:
    """Parse "mon" or "Monday" into a weekday, 0 for Monday to 6 for Sunday.

    Raises TextFault for any other text.
    """
    word = text.strip().lower()
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for weekday, name in enumerate(full):
        if word in (name, name[:3]):
            return weekday
    raise NotAWeekday(text, WEEKDAYS)


def _hours(text: str, match: re.Match[str]) -> Hours:
    start, end = _minute(match["start"]), _minute(match["end"])
    if match["over"]:
        end = _past_midnight(text, start, end)
    elif end <= start:
        raise WindowEndsFirst(text)
    if start == MINUTES_A_DAY:
        raise WindowStartsTooLate(text)
    return start, end


def _weekdays(text: str) -> list[int]:
    weekdays: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start = parse_weekday(first)
        days = (parse_weekday(last) - start) % 7 if dash else 0
        weekdays += [(start + day) % 7 for day in range(days + 1)]
    if len(set(weekdays)) < len(weekdays):
        raise WeekdayTwice(text)
    return weekdays


def _minute(text: str) -> int:
    hour, minute = (int(part) for part in text.split(":"))
    if minute > 59 or hour * 60 + minute > MINUTES_A_DAY:
        raise NotATimeOfDay(text)
    return hour * 60 + minute


def _past_midnight(text: str, start: int, end: int) -> int:
    if not 0 < end <= start:
        raise NotOvernight(text)
    return end + MINUTES_A_DAY
