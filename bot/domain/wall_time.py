"""From what a clock on the wall shows to an instant, and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def instant_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which the clocks of the zone show `wall` on `day`.

    A wall time that a clock change skips moves forward by the gap, and a repeated one is the
    first (RFC 5545, 3.3.5): both are what `fold=0` means.
    """
    first = wall.replace(fold=0) if wall.fold else wall
    return datetime.combine(day, first, zone).astimezone(UTC)


def instant_at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which the zone's wall shows so many minutes past the midnight of `day`.

    1440 is the midnight that ends the day; more is on the day after.
    """
    days, minute = divmod(minute, MINUTES_A_DAY)
    hour, minute = divmod(minute, 60)
    return instant_of(day + timedelta(days=days), time(hour, minute), zone)
