"""Compute the clocks of a ticket from its moments and the promises in its plan.

"Truth is the events": each call computes the clocks from all moments, so the same moments always
give the same deadlines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.sla.clocks.deadline import (
    ClockState,
    Deadline,
    before_triage,
    breach_instant,
    clock_state,
    deadline,
)
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind, Span, spans_of
from bot.domain.sla.clocks.pauses import after_pauses
from bot.domain.sla.reasons import NotExtended
from bot.domain.sla.targets.plan_targets import PlanTargets


@dataclass(frozen=True, slots=True)
class SlaClock:
    """A promise about a ticket over one span.

    While the clock is paused, `deadline` has no due time: waiting on the client makes nobody late.
    """

    span: Span
    deadline: Deadline
    paused: bool

    @property
    def name(self) -> str:
        """Return the metric and the number of the clock, such as "first_response:1"."""
        return f"{self.span.metric}:{self.span.number}"

    @property
    def runs(self) -> bool:
        """Return whether the clock has not stopped and has a due time."""
        return self.span.runs and self.deadline.due_at is not None

    def broken_at(self, now: datetime) -> datetime | None:
        """Return when the promise was breached, None if there is no breach up to now.

        A clock that was overdue when it was cancelled stays breached.
        """
        return breach_instant(self.deadline, answered_at=self.span.stops_at, now=now)

    def state(self, breached_at: datetime | None) -> ClockState:
        """Return the state of the clock, given the recorded time of its breach."""
        if self.span.cancelled:
            return ClockState.BREACHED if breached_at else ClockState.CANCELLED
        if self.paused and breached_at is None:
            return ClockState.PAUSED
        return clock_state(self.deadline, breached_at=breached_at, answered_at=self.span.stops_at)


def clocks_of(plan: PlanTargets, moments: Iterable[ClockEvent]) -> tuple[SlaClock, ...]:
    """Return the clocks of a ticket in the order of their start.

    The first response always has a clock, a further metric only if the plan promises it. The
    moments may be in any order.
    """
    ordered = sorted(moments, key=lambda moment: moment.at)
    triages = [moment for moment in ordered if moment.what is ClockEventKind.TRIAGED]
    # The first severity counts from the opening: there is no earlier severity that it changes.
    if triages:
        triages[0] = replace(triages[0], from_now=False)
    return tuple(
        _clock(plan, span, triages)
        for span in spans_of(ordered)
        if plan.sla_targets_of(span.metric)
    )


def _clock(plan: PlanTargets, span: Span, triages: Sequence[ClockEvent]) -> SlaClock:
    current = _deadline(plan, span, triages)
    # A clock that has started without a due time is paused.
    return SlaClock(span, current, current.starts_at is not None and current.due_at is None)


def _deadline(plan: PlanTargets, span: Span, triages: Sequence[ClockEvent]) -> Deadline:
    """Return the deadline after every change of severity."""
    severity = next(
        (triage.severity for triage in reversed(triages) if triage.at <= span.begins_at), None
    )
    current = _deadline_for(plan, span, severity, span.begins_at)
    for change in triages:
        if change.at > span.begins_at and not _comes_too_late(change, span):
            current = _changed(plan, span, current, severity, change)
            severity = change.severity
    return current


def _deadline_for(plan: PlanTargets, span: Span, severity: str | None, since: datetime) -> Deadline:
    """Return the deadline for a severity, with the span's pauses applied.

    Without a severity, each severity's deadline gets the pauses applied in its own calendar,
    because the same days of waiting are a different covered time in each calendar.
    """
    if severity is not None:
        opening = since == span.begins_at
        unpaused = deadline(plan, severity, since, span.metric, is_opening=opening)
        return after_pauses(plan, span, unpaused)
    severities = [sla_target.severity.id for sla_target in plan.sla_targets]
    by_severity = {name: _deadline_for(plan, span, name, since) for name in severities}
    return before_triage(plan, by_severity)


def _comes_too_late(change: ClockEvent, span: Span) -> bool:
    """Return whether the severity changed "from now" only after the answer."""
    return change.from_now and span.stops_at is not None and change.at >= span.stops_at


def _changed(
    plan: PlanTargets, span: Span, before: Deadline, severity: str | None, change: ClockEvent
) -> Deadline:
    """Return the deadline after a change of severity.

    Re-triage "keeps the start by default". If the ticket *became* more severe, "the new target runs
    from the change, and the deadline never moves later than it was". A raised severity never moves
    the deadline later either, whichever calendars the plan uses.
    """
    since = change.at if change.from_now else span.begins_at
    after = _deadline_for(plan, span, change.severity, since)
    if change.from_now or _is_raised(plan, severity, change.severity):
        return _sooner(before, after)
    return after


def _sooner(before: Deadline, after: Deadline) -> Deadline:
    if before.starts_at is None or (after.starts_at is not None and _is_no_later(after, before)):
        return after
    return replace(before, why=(*before.why, NotExtended()))


def _is_no_later(first: Deadline, second: Deadline) -> bool:
    """Return whether the first deadline is no later than the second.

    A paused deadline has no due time and counts as later than every other deadline.
    """
    return second.due_at is None or (first.due_at is not None and first.due_at <= second.due_at)


def _is_raised(plan: PlanTargets, before: str | None, after: str | None) -> bool:
    order = [sla_target.severity.id for sla_target in plan.sla_targets]
    if before is None or after is None:
        return False
    return order.index(after) < order.index(before)
