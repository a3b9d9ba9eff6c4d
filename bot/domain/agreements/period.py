"""Compute the billing period that contains an instant."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period, half-open: `[start, end)`, aware, in UTC."""

    start: datetime
    end: datetime


def period_of(instant: datetime, zone: str, anchor_day: int = 1) -> Period:
    """Return the monthly period of an instant in an IANA zone.

    Periods begin on `anchor_day` (1 to 31), "clamped to its length": an anchor on the 31st is the
    30th in June.
    """
    local = instant.astimezone(ZoneInfo(zone)).date()
    first = _start(local.year, local.month, anchor_day)
    if local < first:
        first = _start(*_months_on(local, -1), anchor_day)
    following = _start(*_months_on(first, 1), anchor_day)
    return Period(_midnight(first, zone), _midnight(following, zone))


def months_after(day: date, months: int) -> date:
    """Return the same day `months` months later, clamped to the length of that month."""
    return _start(*_months_on(day, months), day.day)


def midnight_after(day: date, zone: str) -> datetime:
    """Return the midnight that ends the local date in `zone`: aware, in UTC."""
    return _midnight(day + timedelta(days=1), zone)


def _start(year: int, month: int, anchor_day: int) -> date:
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))


def _months_on(day: date, months: int) -> tuple[int, int]:
    count = day.year * 12 + day.month - 1 + months
    return count // 12, count % 12 + 1


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
