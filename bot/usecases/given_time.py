"""Times that people type."""

import re
from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.wall_time import instant_of
from bot.errors import Refusal

_SPAN = re.compile(r"(\d{1,4}) ?(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NINE = time(9)


class NoSuchTime(Refusal):
    """What was typed is not a time that can be meant."""


def time_to_come(words: str, zone: str, now: datetime) -> datetime:
    """The instant of `2h`, `3d`, `tomorrow` (at nine), `2026-03-13` (at nine) or `2026-03-13
    14:00`, wall time in an IANA zone. Raises NoSuchTime for what is none of these."""
    text, local = words.strip().lower(), now.astimezone(ZoneInfo(zone))
    if found := _SPAN.fullmatch(text):
        return now + int(found[1]) * _UNITS[found[2]]
    if text == "tomorrow":
        return instant_of(local.date() + timedelta(days=1), _NINE, ZoneInfo(zone))
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        with suppress(ValueError):
            wall = datetime.strptime(text, form)  # noqa: DTZ007 (the zone follows)
            at = wall.time() if " " in form else _NINE
            return instant_of(wall.date(), at, ZoneInfo(zone))
    raise NoSuchTime(
        f"“{words}” is not a time: write it like 2h, 3d, tomorrow or 2026-03-13 14:00."
    )


def instant_given(words: str, zone: str, now: datetime) -> datetime:
    """The instant of `2026-03-13 14:00`, wall time in an IANA zone; "" is `now`.

    Raises NoSuchTime for what is no time, and for the future.
    """
    if not words.strip():
        return now
    try:
        wall = datetime.strptime(words.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007 (the zone follows)
    except ValueError:
        raise NoSuchTime(f"“{words}” is not a time: write it like 2026-03-13 14:00.") from None
    instant = instant_of(wall.date(), wall.time(), ZoneInfo(zone))
    if instant > now:
        raise NoSuchTime(
            f"{words} lies in the future ({zone}): give the time at which it happened."
        )
    return instant
