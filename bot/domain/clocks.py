"""A ticket's clocks: what happened, held against what its plan promises.

"Truth is the events": the clocks are computed from the moments whole, each time anew, so that the
same moments always give the same deadlines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.life import Moment, Span, What, spans_of
from bot.domain.pause import after_pauses
from bot.domain.plan import Plan
from bot.domain.promised import (
    ClockState,
    Promised,
    before_triage,
    breach_instant,
    clock_state,
    promised,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise on one ticket, over one span.

    While it is paused its `promise` has no due instant: nobody can be late while the client is
    waited for.
    """

    span: Span
    promise: Promised
    paused: bool

    @property
    def name(self) -> str:
        """ "first_response:1": which clock of its ticket this is."""
        return f"{self.span.metric}:{self.span.number}"

    @property
    def runs(self) -> bool:
        return self.span.runs and self.promise.due_at is not None

    def broken_at(self, now: datetime) -> datetime | None:
        """The true instant of its breach, None while there is none. What was late already when
        it was cancelled stays late."""
        return breach_instant(self.promise, answered_at=self.span.stops_at, now=now)

    def state(self, breached_at: datetime | None) -> ClockState:
        """What it says, given the breach on record."""
        if self.span.cancelled:
            return ClockState.BREACHED if breached_at else ClockState.CANCELLED
        if self.paused and breached_at is None:
            return ClockState.PAUSED
        return clock_state(self.promise, breached_at=breached_at, answered_at=self.span.stops_at)


def clocks_of(plan: Plan, moments: Iterable[Moment]) -> tuple[Clock, ...]:
    """The clocks of a ticket, in the order in which they begin; the first response always, a
    further metric where the plan has it. The moments may come in any order."""
    ordered = sorted(moments, key=lambda moment: moment.at)
    triages = [moment for moment in ordered if moment.what is What.TRIAGED]
    if triages:  # A first severity changes no other: it is the one that it was from the start.
        triages[0] = replace(triages[0], from_now=False)
    return tuple(
        _clock(plan, span, triages) for span in spans_of(ordered) if plan.promises_of(span.metric)
    )


def _clock(plan: Plan, span: Span, triages: Sequence[Moment]) -> Clock:
    promise = _promise(plan, span, triages)
    # What has begun and is not due is waited for.
    return Clock(span, promise, promise.starts_at is not None and promise.due_at is None)


def _promise(plan: Plan, span: Span, triages: Sequence[Moment]) -> Promised:
    """The promise after every change of severity."""
    severity = next((one.severity for one in reversed(triages) if one.at <= span.begins_at), None)
    promise = _held(plan, span, severity, span.begins_at)
    for change in triages:
        if change.at > span.begins_at and not _comes_too_late(change, span):
            promise = _changed(plan, span, promise, severity, change)
            severity = change.severity
    return promise


def _held(plan: Plan, span: Span, severity: str | None, since: datetime) -> Promised:
    """The promise of this severity with the span's pauses in it; of none yet, each severity's with
    its own, since the same days of waiting are not the same time of every calendar."""
    if severity is not None:
        opening = since == span.begins_at
        promise = promised(plan, severity, since, span.metric, is_opening=opening)
        return after_pauses(plan, span, promise)
    each = [one.severity.id for one in plan.promises]
    return before_triage(plan, {one: _held(plan, span, one, since) for one in each})


def _comes_too_late(change: Moment, span: Span) -> bool:
    """What became more severe after the answer was not so before it."""
    return change.from_now and span.stops_at is not None and change.at >= span.stops_at


def _changed(
    plan: Plan, span: Span, before: Promised, severity: str | None, change: Moment
) -> Promised:
    """Re-triage "keeps the start by default"; where it *became* so now, "the new target runs from
    the change, and the deadline never moves later than it was". Nor does it where the severity is
    raised, whatever the plan's calendars say."""
    since = change.at if change.from_now else span.begins_at
    after = _held(plan, span, change.severity, since)
    if change.from_now or _is_raised(plan, severity, change.severity):
        return _sooner(before, after)
    return after


def _sooner(before: Promised, after: Promised) -> Promised:
    if before.starts_at is None or (after.starts_at is not None and _is_no_later(after, before)):
        return after
    stands = "A deadline never moves later by such a change: the one it had stands."
    return replace(before, why=(*before.why, stands))


def _is_no_later(one: Promised, other: Promised) -> bool:
    """What is paused is due later than all that is not: they are past their due instants."""
    return other.due_at is None or (one.due_at is not None and one.due_at <= other.due_at)


def _is_raised(plan: Plan, before: str | None, after: str | None) -> bool:
    order = [promise.severity.id for promise in plan.promises]
    if before is None or after is None:
        return False
    return order.index(after) < order.index(before)
