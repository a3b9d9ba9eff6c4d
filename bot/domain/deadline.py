"""Compute when a promise is due, and the explanation."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.clock import aware
from bot.domain.due import due_at
from bot.domain.explain import NOTHING_DUE, explain, first_sentence
from bot.domain.metric import Metric
from bot.domain.plan import Plan, Promise
from bot.domain.target import Target


class Deadline(NamedTuple):
    """The deadline of a promise for one opening. All instants are aware, in UTC.

    `starts_at` and `due_at` are None if the promise has no clock. `why` is the explanation, one
    sentence an item, with times in the zone of the calendar.
    """

    opened_at: datetime
    starts_at: datetime | None
    due_at: datetime | None
    why: tuple[str, ...]


def deadline(
    plan: Plan,
    severity_id: str,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> Deadline:
    """Return the deadline of the plan's promise for a severity; the first response by default.

    The metric is measured from `opened_at`. `is_opening` is true if the ticket was opened at that
    instant: only the explanation depends on it. Raises ValueError for a naive instant, KeyError for
    a severity or a metric that the plan does not promise, and NeverOpensError for a calendar that
    never opens.
    """
    promise = plan.promise_for(metric, severity_id)
    if promise is None:
        raise KeyError(metric)
    first = first_sentence(plan, promise, metric)
    return deadline_of(promise, first, opened_at, metric, is_opening=is_opening)


def deadline_of(
    promise: Promise,
    first: str,
    opened_at: datetime,
    metric: Metric = Metric.FIRST_RESPONSE,
    *,
    is_opening: bool = True,
) -> Deadline:
    """Return the deadline of a promise; `first` is the first sentence of the explanation.

    `first_sentence` gives the same sentence for every ticket, so a caller with many tickets
    computes it once.
    """
    opened_at = aware(opened_at)
    clock = reckon(promise, opened_at)
    if clock is None:
        return Deadline(opened_at, None, None, (first, NOTHING_DUE))
    why = explain(promise, opened_at, *clock, metric, is_opening=is_opening)
    return Deadline(opened_at, *clock, (first, *why))


def earliest_deadline(
    plan: Plan, opened_at: datetime, metric: Metric = Metric.FIRST_RESPONSE
) -> tuple[str, Deadline] | None:
    """Return the severity with the earliest deadline, and that deadline; None without a clock.

    The earliest deadline applies while a ticket has no severity. If two are equal, the more severe
    severity wins.
    """
    dues = _dues(plan, opened_at, metric)
    first = min(dues, key=lambda due: due[0], default=None)
    return (first[1], deadline(plan, first[1], opened_at, metric)) if first else None


def share_of(deadline: Deadline, percent: int) -> datetime | None:
    """Return the instant when `percent` of the time from start to due has passed.

    The share is elapsed time, rounded down to the microsecond; 100 is the due time. Returns None
    without a clock.
    """
    if deadline.starts_at is None or deadline.due_at is None:
        return None
    return deadline.starts_at + (deadline.due_at - deadline.starts_at) * percent // 100


def reckon(promise: Promise, opened_at: datetime) -> tuple[datetime, datetime] | None:
    """Return the start and the due time of a promise, or None if it has no clock.

    The clock starts at the opening if the calendar is open then, else at the next opening of the
    calendar. The weekday of the start, in the calendar's zone, selects the target.
    """
    if not promise.has_clock:
        return None
    starts_at = promise.calendar.next_opening(opened_at)
    target = target_from(promise, starts_at)
    due = due_at(target, promise.calendar, opened_at, starts_at)
    return None if due is None else (starts_at, due)


def target_from(promise: Promise, starts_at: datetime) -> Target:
    """Return the target for a clock that starts at this instant."""
    if not promise.by_weekday:
        return promise.target
    return promise.target_on(promise.calendar.local(starts_at).weekday())


def _dues(plan: Plan, opened_at: datetime, metric: Metric) -> Iterator[tuple[datetime, str]]:
    opened_at = aware(opened_at)
    for promise in plan.promises_of(metric):
        clock = reckon(promise, opened_at)
        if clock is not None:
            yield clock[1], promise.severity.id
