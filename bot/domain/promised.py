"""The first-response promise on one ticket: when it is due, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.deadline import deadline, earliest_deadline, latest_deadline, share_of
from bot.domain.plan import Plan

WARNING_PERCENT = 75


class ClockState(StrEnum):
    NONE = "none"  # the plan promises words, not a clock: it can never be late
    RUNNING = "running"
    MET = "met"
    BREACHING = "breaching"  # late, not yet answered
    BREACHED = "breached"  # late, answered


@dataclass(frozen=True, slots=True)
class Promised:
    """The running clock of a ticket. Instants are aware, in UTC.

    `due_at` drives the pings. `breach_at` is the instant past which silence is a breach: the
    same as `due_at` once the severity is known, the last of the plan's deadlines before; None
    where it cannot be said yet, or where there is no clock at all.
    """

    starts_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    breach_at: datetime | None
    why: tuple[str, ...]


def promised(plan: Plan, severity: str | None, opened_at: datetime) -> Promised:
    """What the plan promises for a ticket of this severity, or of none yet.

    Untriaged, "the plan's earliest clock drives its pings", so that nobody can miss a critical
    one by not reading it. Raises KeyError for a severity that the plan does not have.
    """
    if severity is None:
        return _untriaged(plan, opened_at)
    found = deadline(plan, severity, opened_at)
    warn_at = share_of(found, WARNING_PERCENT)
    return Promised(found.starts_at, found.due_at, warn_at, found.due_at, found.why)


def _untriaged(plan: Plan, opened_at: datetime) -> Promised:
    earliest = earliest_deadline(plan, opened_at)
    if earliest is None:
        return Promised(None, None, None, None, ("No severity of this plan has a clock.",))
    severity_id, first = earliest
    label = plan.promise(severity_id).severity.label
    why = (f"No severity yet: the plan's earliest clock ({label}) is kept.", *first.why)
    last = _surely_late(plan, opened_at)
    return Promised(first.starts_at, first.due_at, share_of(first, WARNING_PERCENT), last, why)


def _surely_late(plan: Plan, opened_at: datetime) -> datetime | None:
    """The last of the plan's deadlines; None if some severity has no clock, for then the ticket
    may turn out to be one that nothing was promised for, and no breach may be invented."""
    if any(deadline(plan, p.severity.id, opened_at).due_at is None for p in plan.promises):
        return None
    latest = latest_deadline(plan, opened_at)
    return latest[1].due_at if latest else None


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
