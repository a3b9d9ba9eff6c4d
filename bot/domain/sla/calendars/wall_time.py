"""Convert local wall times to instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60


def instant_of(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, when the local time in the zone is `wall` on `day`.

    A wall time that a clock change skips moves forward by the gap, and a repeated wall time is the
    first of the two (RFC 5545, 3.3.5). `fold=0` has both effects.
    """
    first = wall.replace(fold=0) if wall.fold else wall
    return datetime.combine(day, first, zone).astimezone(UTC)


def instant_at_minute(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, that is `minute` minutes of wall time past the midnight of `day`.

    1440 is the midnight that ends the day; larger values are on the next day.
    """
    days, minute = divmod(minute, MINUTES_A_DAY)
    hour, minute = divmod(minute, 60)
    return instant_of(day + timedelta(days=days), time(hour, minute), zone)
