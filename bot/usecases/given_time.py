"""Times that people type."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.wall_time import instant_of
from bot.errors import Refusal


class NoSuchTime(Refusal):
    """What was typed is not a time that can be meant."""


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
