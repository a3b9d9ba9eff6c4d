"""A promise about a ticket: when it is due, and the state of its clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.sla.reasons import EarliestKept, NoSeverityHasClock, NoTarget, Reason
from bot.domain.sla.targets.due_time import due_time, share_of
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.plan_targets import PlanTargets

WARNING_PERCENT = 75


class ClockState(StrEnum):
    """The state of a clock."""

    NONE = "none"  # the promise has no clock: it can never be overdue
    RUNNING = "running"
    PAUSED = "paused"  # waiting on the client
    MET = "met"
    BREACHING = "breaching"  # overdue, not answered yet
    BREACHED = "breached"  # answered after the due time
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a promise is due. Instants are aware, in UTC.

    `due_at` controls the pings. Past `breach_at` a missing answer is a breach: it equals `due_at`
    if the severity is set, else it is the latest deadline of the plan. It is None if it cannot be
    known yet, or without a clock. `severity` is the severity that the promise is for. `why` is
    empty if the deadline was read from the store, which keeps no reasons.
    """

    starts_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    breach_at: datetime | None
    why: tuple[Reason, ...] = ()
    severity: str | None = None


def deadline(
    plan: PlanTargets,
    severity: str | None,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> Deadline:
    """Return the deadline that the plan promises for a severity, or for no severity yet.

    Without a severity, "the plan's earliest clock drives its pings", so a critical ticket is not
    missed because nobody has read it. Raises KeyError for a severity that the plan does not have.
    """
    if severity is None:
        severities = [sla_target.severity.id for sla_target in plan.sla_targets]
        by_severity = {name: deadline(plan, name, opened_at, metric) for name in severities}
        return before_triage(plan, by_severity)
    if plan.sla_target_for(metric, severity) is None:
        return _no_clock(NoTarget(metric))
    computed = due_time(plan, severity, opened_at, metric, is_opening=is_opening)
    warn_at = share_of(computed, WARNING_PERCENT)
    return Deadline(
        computed.starts_at, computed.due_at, warn_at, computed.due_at, computed.why, severity
    )


def before_triage(plan: PlanTargets, by_severity: Mapping[str, Deadline]) -> Deadline:
    """Return the deadline of a ticket without a severity, from the deadline for each severity.

    The earliest deadline is the due time. The breach is certain only past the latest deadline, and
    unknown while a severity's clock is paused or does not exist: that severity may turn out to be
    the right severity, and the desk never invents a breach.
    """
    clocks = {
        name: computed for name, computed in by_severity.items() if computed.starts_at is not None
    }
    if not clocks:
        return _no_clock(NoSeverityHasClock())
    dues = [clock.due_at for clock in clocks.values() if clock.due_at is not None]
    first = next(name for name, clock in clocks.items() if not dues or clock.due_at == min(dues))
    reason = EarliestKept(plan.sla_target(first).severity)
    surely_late = max(dues) if len(dues) == len(by_severity) else None
    return replace(clocks[first], breach_at=surely_late, why=(reason, *clocks[first].why))


def _no_clock(reason: Reason) -> Deadline:
    return Deadline(None, None, None, None, (reason,))


def breach_instant(
    deadline: Deadline, *, answered_at: datetime | None, now: datetime
) -> datetime | None:
    """Return the instant of the breach, None if there is no breach up to `now`.

    An answer at exactly the due time is in time.
    """
    if deadline.breach_at is None:
        return None
    if answered_at is not None:
        return deadline.breach_at if answered_at > deadline.breach_at else None
    return deadline.breach_at if now >= deadline.breach_at else None


def clock_state(
    deadline: Deadline, *, breached_at: datetime | None, answered_at: datetime | None
) -> ClockState:
    """Return the state of the clock, given the recorded time of its breach."""
    if deadline.due_at is None and breached_at is None:
        return ClockState.NONE
    if answered_at is None:
        return ClockState.BREACHING if breached_at else ClockState.RUNNING
    return ClockState.BREACHED if breached_at else ClockState.MET
