"""The morning's digest, as values."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.duty import DutyLine
from bot.domain.metric import Metric
from bot.domain.money import Money


class _OfClient(Protocol):
    @property
    def client(self) -> str: ...


_Line = TypeVar("_Line", bound=_OfClient)


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
    channel_id: str | None = None  # of the ticket's card in triage, and its `ts`
    ts: str | None = None


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
class ComingLine:
    """A version of an agreement that comes in force soon, on `day` in the zone of its plan; `plan`
    is its name, "" for none."""

    client: str
    day: date
    plan: str
    ends: bool  # a fixed term ends then; else it was agreed beforehand


@dataclass(frozen=True, slots=True)
class Review:
    """What became of the promises of the days from `first` to `last`, in `zone`."""

    first: date
    last: date
    zone: str
    breaches: tuple[DigestLine, ...]
    attainment: tuple[Attainment, ...]
    causes: tuple[tuple[str, int], ...] = ()  # of these breaches: of `Cause`, or "" for not said


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
    coming: tuple[ComingLine, ...] = ()
    duties: tuple[DutyLine, ...] = ()  # overdue, or due soon
    causes: tuple[tuple[str, int], ...] = ()  # of last week's breaches, in the week's first digest
    held: tuple[DigestLine, ...] = ()  # told in the morning, for it came outside the reader's hours


def of_clients(digest: Digest, names: Collection[str]) -> Digest:
    """What of a digest is about these clients, by their names; causes are counted over all."""
    return replace(
        digest,
        new_breaches=_about(digest.new_breaches, names),
        still_late=_about(digest.still_late, names),
        at_risk=_about(digest.at_risk, names),
        attainment=_about(digest.attainment, names),
        quota=_about(digest.quota, names),
        coming=_about(digest.coming, names),
        duties=_about(digest.duties, names),
        held=_about(digest.held, names),
        causes=(),
    )


def _about(lines: tuple[_Line, ...], names: Collection[str]) -> tuple[_Line, ...]:
    return tuple(line for line in lines if line.client in names)


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


EVERY_DAY = frozenset(range(7))


def next_digest(
    after: datetime, at: time, zone: str, weekdays: Collection[int] = EVERY_DAY
) -> datetime:
    """The first instant after `after` at which the local wall time is `at`, on one of the
    `weekdays` (0 = Monday).

    A wall time that a clock change skips moves forward by the gap; a repeated one is the first.
    """
    day = after.astimezone(ZoneInfo(zone)).date()
    while day.weekday() not in weekdays or _instant(day, at, zone) <= after:
        day += timedelta(days=1)
    return _instant(day, at, zone)


def digest_day(now: datetime, at: time, zone: str, weekdays: Collection[int] = EVERY_DAY) -> date:
    """The local date whose digest is the last that was due: today's, or before its hour that of a
    day before. A digest that is written late takes no other day's place."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while day.weekday() not in weekdays or _instant(day, at, zone) > now:
        day -= timedelta(days=1)
    return day


def days_reviewed(now: datetime, zone: str, days: int) -> tuple[date, date, datetime, datetime]:
    """The last whole local days before today: the first and the last of them, when the first
    begins, and when the last ends."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days)
    begins, ends = (_instant(day, time.min, zone) for day in (first, today))
    return first, today - timedelta(days=1), begins, ends


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def end_of_day(instant: datetime, zone: str) -> datetime:
    """The midnight that ends the local date of an instant."""
    day = instant.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return _instant(day, time.min, zone)
