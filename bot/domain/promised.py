"""One promise on one ticket: when it is due, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.deadline import deadline, share_of
from bot.domain.metric import Metric
from bot.domain.plan import Plan

WARNING_PERCENT = 75


class ClockState(StrEnum):
    NONE = "none"  # the plan promises words, not a clock: it can never be late
    RUNNING = "running"
    PAUSED = "paused"  # waiting on the client
    MET = "met"
    BREACHING = "breaching"  # late, not yet answered
    BREACHED = "breached"  # late, answered
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Promised:
    """When a promise is due. Instants are aware, in UTC.

    `due_at` drives the pings. `breach_at` is the instant past which silence is a breach: the
    same as `due_at` once the severity is known, the last of the plan's deadlines before; None
    where it cannot be said yet, or where there is no clock at all. `severity` is the one whose
    line of the plan this is.
    """

    starts_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    breach_at: datetime | None
    why: tuple[str, ...]
    severity: str | None = None


def promised(
    plan: Plan,
    severity: str | None,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> Promised:
    """What the plan promises for a ticket of this severity, or of none yet.

    Untriaged, "the plan's earliest clock drives its pings", so that nobody can miss a critical
    one by not reading it. Raises KeyError for a severity that the plan does not have.
    """
    if severity is None:
        each = [one.severity.id for one in plan.promises]
        return before_triage(plan, {one: promised(plan, one, opened_at, metric) for one in each})
    if plan.promise_for(metric, severity) is None:
        return _no_clock(f"The plan promises no {metric.words} for this severity.")
    found = deadline(plan, severity, opened_at, metric, is_opening=is_opening)
    warn_at = share_of(found, WARNING_PERCENT)
    return Promised(found.starts_at, found.due_at, warn_at, found.due_at, found.why, severity)


def before_triage(plan: Plan, by_severity: Mapping[str, Promised]) -> Promised:
    """What holds while there is no severity, given what each one's promise would be.

    The earliest is due. It is surely late only past the last of them, and nobody can say so while
    one is paused or has no clock: it may turn out to be that one, and no breach may be invented.
    """
    clocks = {name: one for name, one in by_severity.items() if one.starts_at is not None}
    if not clocks:
        return _no_clock("No severity of this plan has a clock.")
    dues = [one.due_at for one in clocks.values() if one.due_at is not None]
    first = next(name for name, one in clocks.items() if not dues or one.due_at == min(dues))
    label = plan.promise(first).severity.label
    kept = f"No severity yet: the plan's earliest clock ({label}) is kept."
    surely_late = max(dues) if len(dues) == len(by_severity) else None
    return replace(clocks[first], breach_at=surely_late, why=(kept, *clocks[first].why))


def _no_clock(why: str) -> Promised:
    return Promised(None, None, None, None, (why,))


def breach_instant(
    promise: Promised, *, answered_at: datetime | None, now: datetime
) -> datetime | None:
    """The true instant at which the promise was broken, None while it was not.

    An answer at the very instant that it was due is in time.
    """
    if promise.breach_at is None:
        return None
    if answered_at is not None:
        return promise.breach_at if answered_at > promise.breach_at else None
    return promise.breach_at if now >= promise.breach_at else None


def clock_state(
    promise: Promised, *, breached_at: datetime | None, answered_at: datetime | None
) -> ClockState:
    """What the clock says, given the breach on record."""
    if promise.due_at is None and breached_at is None:
        return ClockState.NONE
    if answered_at is None:
        return ClockState.BREACHING if breached_at else ClockState.RUNNING
    return ClockState.BREACHED if breached_at else ClockState.MET
