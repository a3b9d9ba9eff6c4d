"""Parsing of dates and times that people type."""

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.sla.calendars.wall_time import instant_of
from bot.domain.sla.refusals import NotATime, NotAWallTime, TimeInTheFuture

_SPAN = re.compile(r"(\d{1,4}) ?(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NINE = time(9)


def time_to_come(words: str, zone: str, now: datetime) -> datetime:
    """Return the instant of `2h`, `3d`, `tomorrow`, `2026-03-13` (both at 09:00) or `2026-03-13
    14:00`.

    Wall time is in the IANA `zone`; the result is aware. Raises NoSuchTime for any other words.
    """
    text, local = words.strip().lower(), now.astimezone(ZoneInfo(zone))
    if span := _SPAN.fullmatch(text):
        return now + int(span[1]) * _UNITS[span[2]]
    if text == "tomorrow":
        return instant_of(local.date() + timedelta(days=1), _NINE, ZoneInfo(zone))
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        with suppress(ValueError):
            wall = datetime.strptime(text, form)  # noqa: DTZ007 (the zone follows)
            at = wall.time() if " " in form else _NINE
            return instant_of(wall.date(), at, ZoneInfo(zone))
    raise NotATime(words)


def instant_given(words: str | None, zone: str, now: datetime) -> datetime:
    """Return the instant of `2026-03-13 14:00`, wall time in the IANA `zone`; None is `now`.

    Raises NoSuchTime if the words are no such time or the time is in the future.
    """
    if words is None or not words.strip():
        return now
    try:
        wall = datetime.strptime(words.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007 (the zone follows)
    except ValueError:
        raise NotAWallTime(words) from None
    instant = instant_of(wall.date(), wall.time(), ZoneInfo(zone))
    if instant > now:
        raise TimeInTheFuture(words, zone)
    return instant
