"""A change of an agreement before it is confirmed: its effect and its date."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.agreements.agreement import Agreement, ChangeKind
from bot.domain.agreements.billing_cycles import billing_period
from bot.domain.agreements.plan import Plan
from bot.domain.operations.client import Client
from bot.domain.sla.calendars.wall_time import instant_of

NOTICE_DAYS = 30  # "Support tier changes require 30 days notice."
REMIND_DAYS = (90, 30, 7)  # before the end of a fixed term


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change of an agreement.

    `version` comes into force at its `effective_from`; `then` follows at the end of its fixed term,
    if there is an end. The change cancels the planned versions in `withdrawn`. The planned versions
    in `kept` stay, with the changes that the proposal makes to them.
    """

    client: Client
    before: Agreement
    before_plan: Plan | None
    version: Agreement
    plan: Plan
    then: Agreement | None
    then_plan: Plan | None
    withdrawn: tuple[Agreement, ...]
    kept: tuple[Agreement, ...]
    open_keys: tuple[str, ...]
    used: int  # tickets used of the current period's quota

    @property
    def is_at_once(self) -> bool:
        """Return whether the change takes effect on confirmation, as all but downgrades do."""
        return self.version.kind != ChangeKind.DOWNGRADE


@dataclass(frozen=True, slots=True)
class Downgrade:
    """A planned downgrade (`version`) that can be withdrawn.

    `plan_now` and `plan_then` are plan names.
    """

    client: Client
    now: Agreement
    version: Agreement
    plan_now: str
    plan_then: str


def change_kind(before: Plan | None, after: Plan) -> ChangeKind:
    """Return the kind of change between two plans.

    "Upgrades (moving to a higher tier) take effect immediately upon the partner's confirmation.
    Downgrades take effect at the next billing cycle start after the 30-day notice period."
    """
    if before is None:
        return ChangeKind.START
    if (before.catalog, before.id) == (after.catalog, after.id):
        return ChangeKind.TERMS
    return ChangeKind.DOWNGRADE if after.rank < before.rank else ChangeKind.UPGRADE


def downgraded_from(versions: Sequence[Agreement], notice_at: datetime) -> datetime:
    """Return the first start of a billing cycle at least 30 days after notice.

    Days are counted in the zone of the cycle.
    """
    period = billing_period(versions, notice_at)
    while period.end < _days_on(versions, notice_at):
        period = billing_period(versions, period.end)
    return period.end


def _days_on(versions: Sequence[Agreement], notice_at: datetime) -> datetime:
    zone = ZoneInfo(versions[-1].zone)
    local = notice_at.astimezone(zone)
    wall = local.time().replace(tzinfo=None)
    return instant_of(local.date() + timedelta(days=NOTICE_DAYS), wall, zone)


def end_of(last_day: date, zone: str) -> datetime:
    """Return the end of a term in UTC: the midnight after its last day, in an IANA zone."""
    return instant_of(last_day + timedelta(days=1), time.min, ZoneInfo(zone))


def last_day_of(version: Agreement) -> date | None:
    """Return the last day of a fixed term in its own zone; None without an end."""
    if version.ends_at is None:
        return None
    return (version.ends_at.astimezone(ZoneInfo(version.zone)) - timedelta(days=1)).date()


def earliest_end(plan: Plan, begins: datetime, zone: str) -> datetime:
    """Return the earliest end of a fixed term of the plan.

    The agreement names "short-term Priority Support coverage (minimum 3 months)".
    """
    local = begins.astimezone(ZoneInfo(zone))
    months = local.year * 12 + local.month - 1 + plan.shortest_months
    year, month = months // 12, months % 12 + 1
    day = date(year, month, min(local.day, monthrange(year, month)[1]))
    return instant_of(day, local.time().replace(tzinfo=None), ZoneInfo(zone))


def reminders(version: Agreement) -> list[tuple[int, datetime]]:
    """Return the reminders before the end of a fixed term as (days before the end, instant).

    Reminders from before the term began are left out.
    """
    if version.ends_at is None:
        return []
    due = [(days, version.ends_at - timedelta(days=days)) for days in REMIND_DAYS]
    return [(days, at) for days, at in due if at > version.effective_from]
