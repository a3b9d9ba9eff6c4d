"""Compute how waiting on the client moves a deadline."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.sla.calendars.covered_between import covered_between
from bot.domain.sla.clocks.deadline import Deadline
from bot.domain.sla.clocks.measured_spans import Pause, Span
from bot.domain.sla.reasons import Paused, Waiting
from bot.domain.sla.targets.due import after_covered_time
from bot.domain.sla.targets.due_time import target_from
from bot.domain.sla.targets.plan_targets import PlanTargets
from bot.domain.sla.targets.sla_target import SlaTarget
from bot.domain.sla.targets.target import ClockTime


def after_pauses(plan: PlanTargets, span: Span, deadline: Deadline) -> Deadline:
    """Return the deadline with the span's pauses applied.

    "Only working-time overlap of a pause counts": a pause moves the deadline by the time for which
    the clock would have run. For clock time that is the whole pause, since the clock continues
    after coverage closes; for covered time and business days it is the covered time.

    A pause that begins at or after the due time, or ends before the clock starts, has no effect.
    During a pause nothing is due, and a deadline never falls within a pause.
    """
    if not span.pauses or deadline.due_at is None or deadline.severity is None:
        return deadline
    sla_target = plan.sla_target_for(span.metric, deadline.severity)
    if sla_target is not None:
        for pause in span.pauses:
            deadline = _moved(sla_target, deadline, pause)
    return deadline


def _moved(sla_target: SlaTarget, deadline: Deadline, pause: Pause) -> Deadline:
    if deadline.starts_at is None or deadline.due_at is None or pause.start >= deadline.due_at:
        return deadline
    since = max(pause.start, deadline.starts_at)
    if pause.end is None:
        return replace(
            deadline,
            due_at=None,
            warn_at=None,
            breach_at=None,
            why=(*deadline.why, Waiting(sla_target.calendar, pause.start)),
        )
    if pause.end <= since:
        return deadline
    lost = _running_time(sla_target, deadline.starts_at, since, pause.end)
    # A deadline at an opening within the pause would otherwise fall within the pause.
    due_at = max(_later(sla_target, deadline.starts_at, deadline.due_at, lost), pause.end)
    moved_by = due_at - deadline.due_at
    return replace(
        deadline,
        due_at=due_at,
        warn_at=deadline.warn_at + moved_by if deadline.warn_at else None,
        breach_at=deadline.breach_at + moved_by if deadline.breach_at else None,
        why=(
            *deadline.why,
            Paused(sla_target.calendar, pause.start, pause.end, lost, due_at),
        ),
    )


def _running_time(
    sla_target: SlaTarget, starts_at: datetime, since: datetime, end: datetime
) -> timedelta:
    if isinstance(target_from(sla_target, starts_at), ClockTime):
        return end - since
    return covered_between(sla_target.calendar, since, end)


def _later(
    sla_target: SlaTarget, starts_at: datetime, due_at: datetime, lost: timedelta
) -> datetime:
    if isinstance(target_from(sla_target, starts_at), ClockTime):
        return due_at + lost
    return after_covered_time(sla_target.calendar, due_at, lost) if lost else due_at
