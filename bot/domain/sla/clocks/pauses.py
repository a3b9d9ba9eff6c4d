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


def after_pauses(plan: PlanTargets, span: Span, promise: Deadline) -> Deadline:
    """Return the promise with the span's pauses applied.

    "Only working-time overlap of a pause counts": a pause moves the deadline by the time for which
    the clock would have run. For clock time that is the whole pause, since the clock continues
    after coverage closes; for covered time and business days it is the covered time.

    A pause that begins at or after the due time, or ends before the clock starts, has no effect.
    During a pause nothing is due, and a deadline never falls within a pause.
    """
    if not span.pauses or promise.due_at is None or promise.severity is None:
        return promise
    plan_promise = plan.promise_for(span.metric, promise.severity)
    if plan_promise is not None:
        for pause in span.pauses:
            promise = _moved(plan_promise, promise, pause)
    return promise


def _moved(plan_promise: SlaTarget, promise: Deadline, pause: Pause) -> Deadline:
    if promise.starts_at is None or promise.due_at is None or pause.start >= promise.due_at:
        return promise
    since = max(pause.start, promise.starts_at)
    if pause.end is None:
        return replace(
            promise,
            due_at=None,
            warn_at=None,
            breach_at=None,
            why=(*promise.why, Waiting(plan_promise.calendar, pause.start)),
        )
    if pause.end <= since:
        return promise
    lost = _running_time(plan_promise, promise.starts_at, since, pause.end)
    # A deadline at an opening within the pause would otherwise fall within the pause.
    due_at = max(_later(plan_promise, promise.starts_at, promise.due_at, lost), pause.end)
    moved_by = due_at - promise.due_at
    return replace(
        promise,
        due_at=due_at,
        warn_at=promise.warn_at + moved_by if promise.warn_at else None,
        breach_at=promise.breach_at + moved_by if promise.breach_at else None,
        why=(
            *promise.why,
            Paused(plan_promise.calendar, pause.start, pause.end, lost, due_at),
        ),
    )


def _running_time(
    plan_promise: SlaTarget, starts_at: datetime, since: datetime, end: datetime
) -> timedelta:
    if isinstance(target_from(plan_promise, starts_at), ClockTime):
        return end - since
    return covered_between(plan_promise.calendar, since, end)


def _later(
    plan_promise: SlaTarget, starts_at: datetime, due_at: datetime, lost: timedelta
) -> datetime:
    if isinstance(target_from(plan_promise, starts_at), ClockTime):
        return due_at + lost
    return after_covered_time(plan_promise.calendar, due_at, lost) if lost else due_at
