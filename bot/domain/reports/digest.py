"""The values that the daily digest shows, and the schedule of the digest."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.agreements.money import Money
from bot.domain.agreements.recurring_task import OpenTask
from bot.domain.ids import ChannelId
from bot.domain.sla.targets.metric import Metric
from bot.slack_ts import MessageTs


class _OfClient(Protocol):
    @property
    def client(self) -> str: ...


_Line = TypeVar("_Line", bound=_OfClient)


@dataclass(frozen=True, slots=True)
class DigestLine:
    """A ticket in a list of the digest.

    `severity` is the label, None if the severity is not set. `has_it` is the Slack user ID of the
    person who must act. `channel_id` and `ts` locate the ticket's card in the triage channel.
    """

    key: str
    client: str
    severity: str | None
    due_at: datetime
    has_it: str | None
    metric: Metric = Metric.FIRST_RESPONSE
    found_late: bool = False
    channel_id: ChannelId | None = None
    ts: MessageTs | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """The first responses of a plan and a client that fell due in the last `days` days.

    The promise was kept for `kept` out of `total`.
    """

    plan: str
    client: str
    days: int
    kept: int
    total: int


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """A client that has used 80 % of its quota or more."""

    client: str
    used: int
    included: int
    overage: Money | None


@dataclass(frozen=True, slots=True)
class ComingLine:
    """An agreement version that comes into force soon.

    `day` is in the zone of the plan. `plan` is the name of the plan, None for no plan.
    """

    client: str
    day: date
    plan: str | None
    ends: bool  # True if a fixed term ends; False if the change was agreed in advance


@dataclass(frozen=True, slots=True)
class Review:
    """The results of the promises from `first` to `last`, local dates in `zone`."""

    first: date
    last: date
    zone: str
    breaches: tuple[DigestLine, ...]
    attainment: tuple[Attainment, ...]
    # (cause, count) of these breaches; None for no cause yet
    causes: tuple[tuple[str | None, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest for managers on `day`, in `zone`.

    An empty list is shown as empty, not left out.
    """

    day: date
    zone: str
    new_breaches: tuple[DigestLine, ...]
    still_late: tuple[DigestLine, ...]
    at_risk: tuple[DigestLine, ...]
    attainment: tuple[Attainment, ...]
    quota: tuple[QuotaLine, ...]
    coming: tuple[ComingLine, ...] = ()
    duties: tuple[OpenTask, ...] = ()  # recurring tasks that are overdue or due soon
    # last week's breaches, in the first digest of the week
    causes: tuple[tuple[str | None, int], ...] = ()
    held: tuple[DigestLine, ...] = ()  # reminders held because they came outside working hours


def of_clients(digest: Digest, names: Collection[str]) -> Digest:
    """Return the digest reduced to the clients with these names, without the causes.

    Causes are counted over all clients, so a reduced digest has none.
    """
    return replace(
        digest,
        new_breaches=_lines_of(digest.new_breaches, names),
        still_late=_lines_of(digest.still_late, names),
        at_risk=_lines_of(digest.at_risk, names),
        attainment=_lines_of(digest.attainment, names),
        quota=_lines_of(digest.quota, names),
        coming=_lines_of(digest.coming, names),
        duties=_lines_of(digest.duties, names),
        held=_lines_of(digest.held, names),
        causes=(),
    )


def _lines_of(lines: tuple[_Line, ...], names: Collection[str]) -> tuple[_Line, ...]:
    return tuple(line for line in lines if line.client in names)


@dataclass(frozen=True, slots=True)
class Judged:
    """A first-response promise that fell due, and whether it was kept."""

    plan: str
    client: str
    due_at: datetime
    kept: bool


def attainment(judged: Iterable[Judged], now: datetime, days: int) -> tuple[Attainment, ...]:
    """Return the kept and due first responses in the `days` days before `now`, by plan and client.

    The result is sorted by plan, then client.
    """
    kept: dict[tuple[str, str], int] = {}
    total: dict[tuple[str, str], int] = {}
    for sla_target in judged:
        if now - timedelta(days=days) <= sla_target.due_at < now:
            plan_and_client = (sla_target.plan, sla_target.client)
            total[plan_and_client] = total.get(plan_and_client, 0) + 1
            kept[plan_and_client] = kept.get(plan_and_client, 0) + sla_target.kept
    return tuple(
        Attainment(*plan_and_client, days, kept[plan_and_client], total[plan_and_client])
        for plan_and_client in sorted(total)
    )


EVERY_DAY = frozenset(range(7))


def next_digest(
    after: datetime, at: time, zone: str, weekdays: Collection[int] = EVERY_DAY
) -> datetime:
    """Return the next time of the digest after `after`, in UTC.

    The local wall time in `zone` is `at`, on one of the `weekdays` (0 = Monday). A wall time that a
    clock change skips moves forward by the gap; a repeated wall time is the first of the two.
    """
    day = after.astimezone(ZoneInfo(zone)).date()
    while day.weekday() not in weekdays or _instant(day, at, zone) <= after:
        day += timedelta(days=1)
    return _instant(day, at, zone)


def digest_day(now: datetime, at: time, zone: str, weekdays: Collection[int] = EVERY_DAY) -> date:
    """Return the local date of the last digest that was due: today, or an earlier day before `at`.

    A digest that is written late therefore keeps its own date.
    """
    day = now.astimezone(ZoneInfo(zone)).date()
    while day.weekday() not in weekdays or _instant(day, at, zone) > now:
        day -= timedelta(days=1)
    return day


def days_reviewed(now: datetime, zone: str, days: int) -> tuple[date, date, datetime, datetime]:
    """Return the `days` whole local days before today.

    The result is the first date, the last date, and the start and the end in UTC.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - timedelta(days=days)
    begins, ends = (_instant(day, time.min, zone) for day in (first, today))
    return first, today - timedelta(days=1), begins, ends


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def end_of_day(instant: datetime, zone: str) -> datetime:
    """Return the midnight, in UTC, that ends the local date of an instant in `zone`."""
    day = instant.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return _instant(day, time.min, zone)
