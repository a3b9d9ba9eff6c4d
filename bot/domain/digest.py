"""The morning's digest, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.metric import Metric
from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A ticket on a list. `severity` is its label, None: untriaged; `has_it` is the Slack user ID
    of who must act."""

    key: str
    client: str
    severity: str | None
    due_at: datetime
    has_it: str | None
    metric: Metric = Metric.FIRST_RESPONSE
    found_late: bool = False


@dataclass(frozen=True, slots=True)
class Attainment:
    """First responses of a plan and client that fell due in a window: kept of all."""

    plan: str
    client: str
    days: int
    kept: int
    total: int


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A client at 80 % of its quota or over."""

    client: str
    used: int
    included: int
    overage: Money | None


@dataclass(frozen=True, slots=True)
class Digest:
    """What managers read on `day`, in `zone`. An empty list is said, not left out."""

    day: date
    zone: str
    new_breaches: tuple[DigestLine, ...]
    still_late: tuple[DigestLine, ...]
    at_risk: tuple[DigestLine, ...]
    attainment: tuple[Attainment, ...]
    quota: tuple[QuotaLine, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A first-response promise that fell due, and whether it was kept."""

    plan: str
    client: str
    due_at: datetime
    kept: bool


def attainment(judged: Iterable[Judged], now: datetime, days: int) -> tuple[Attainment, ...]:
    """Kept of due by (plan, client) over the `days` up to now, sorted by plan, then client."""
    kept: dict[tuple[str, str], int] = {}
    total: dict[tuple[str, str], int] = {}
    for one in judged:
        if now - timedelta(days=days) <= one.due_at < now:
            who = (one.plan, one.client)
            total[who] = total.get(who, 0) + 1
            kept[who] = kept.get(who, 0) + one.kept
    return tuple(Attainment(*who, days, kept[who], total[who]) for who in sorted(total))


def next_digest(after: datetime, at: time, zone: str) -> datetime:
    """The first instant after `after` at which the local wall time is `at`.

    A wall time that a clock change skips moves forward by the gap; a repeated one is the first.
    """
    day = after.astimezone(ZoneInfo(zone)).date()
    candidate = _instant(day, at, zone)
    return candidate if candidate > after else _instant(day + timedelta(days=1), at, zone)


def digest_day(now: datetime, at: time, zone: str) -> date:
    """The local date whose digest is the last that was due: today's, or before its hour
    yesterday's. A digest that is written late takes no other day's place."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today if _instant(today, at, zone) <= now else today - timedelta(days=1)


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def end_of_day(instant: datetime, zone: str) -> datetime:
    """The midnight that ends the local date of an instant."""
    day = instant.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return _instant(day, time.min, zone)
