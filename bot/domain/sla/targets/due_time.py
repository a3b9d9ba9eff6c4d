"""Compute when a promise is due, and the reason."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.domain.sla.reasons import Computed, NothingDue, Reason
from bot.domain.sla.targets.due import due_at
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.plan_targets import PlanTargets
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.domain.sla.targets.target import Target
from bot.time_source import aware


class DueTime(NamedTuple):
    """The deadline of a promise for one opening. All instants are aware, in UTC.

    `starts_at` and `due_at` are None if the promise has no clock.
    """

    opened_at: datetime
    starts_at: datetime | None
    due_at: datetime | None
    why: tuple[Reason, ...]


def due_time(
    plan: PlanTargets,
    severity_id: str,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> DueTime:
    """Return the deadline of the plan's promise for a severity; the first response by default.

    The metric is measured from `opened_at`. `is_opening` is true if the ticket was opened at that
    instant: only the reason depends on it. Raises ValueError for a naive instant, KeyError for
    a severity or a metric that the plan does not promise, and NeverOpensError for a calendar that
    never opens.
    """
    sla_target = plan.sla_target_for(metric, severity_id)
    if sla_target is None:
        raise KeyError(metric)
    return due_time_of(plan.name, sla_target, opened_at, metric, is_opening=is_opening)


def due_time_of(
    plan_name: str,
    sla_target: SlaTarget,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> DueTime:
    """Return the deadline of a promise in the plan with this name.

    Raises ValueError for a naive instant and NeverOpensError for a calendar that never opens.
    """
    opened_at = aware(opened_at)
    clock = reckon(sla_target, opened_at)
    if clock is None:
        return DueTime(opened_at, None, None, (NothingDue(plan_name, sla_target, metric),))
    reason = Computed(plan_name, sla_target, metric, opened_at, *clock, is_opening)
    return DueTime(opened_at, *clock, (reason,))


def earliest_due_time(
    plan: PlanTargets, opened_at: datetime, metric: Metric = Metric.FIRST_RESPONSE
) -> tuple[str, DueTime] | None:
    """Return the severity with the earliest deadline, and that deadline; None without a clock.

    The earliest deadline applies while a ticket has no severity. If two are equal, the more severe
    severity wins.
    """
    dues = _dues(plan, opened_at, metric)
    first = min(dues, key=lambda due: due[0], default=None)
    return (first[1], due_time(plan, first[1], opened_at, metric)) if first else None


def share_of(due_time: DueTime, percent: int) -> datetime | None:
    """Return the instant when `percent` of the time from start to due has passed.

    The share is elapsed time, rounded down to the microsecond; 100 is the due time. Returns None
    without a clock.
    """
    if due_time.starts_at is None or due_time.due_at is None:
        return None
    return due_time.starts_at + (due_time.due_at - due_time.starts_at) * percent // 100


def reckon(sla_target: SlaTarget, opened_at: datetime) -> tuple[datetime, datetime] | None:
    """Return the start and the due time of a promise, or None if it has no clock.

    The clock starts at the opening if the calendar is open then, else at the next opening of the
    calendar. The weekday of the start, in the calendar's zone, selects the target.
    """
    if not sla_target.has_clock:
        return None
    starts_at = sla_target.calendar.next_opening(opened_at)
    target = target_from(sla_target, starts_at)
    due = due_at(target, sla_target.calendar, opened_at, starts_at)
    return None if due is None else (starts_at, due)


def target_from(sla_target: SlaTarget, starts_at: datetime) -> Target:
    """Return the target for a clock that starts at this instant."""
    if not sla_target.by_weekday:
        return sla_target.target
    return sla_target.target_on(sla_target.calendar.local(starts_at).weekday())


def _dues(plan: PlanTargets, opened_at: datetime, metric: Metric) -> Iterator[tuple[datetime, str]]:
    opened_at = aware(opened_at)
    for sla_target in plan.sla_targets_of(metric):
        clock = reckon(sla_target, opened_at)
        if clock is not None:
            yield clock[1], sla_target.severity.id
