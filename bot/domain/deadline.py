"""When a promise is due, and why then."""

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
    """One promise computed for one opening. All instants aware, in UTC.

    `starts_at` and `due_at` are None where the promise has no clock. `why` is the explanation,
    one sentence an item, in the zone of its calendar, to be followed with a calendar in hand.
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
    """When the plan's promise to a ticket of this severity is due; the first response by default.

    `opened_at` is the instant that the metric is counted from; `is_opening` if the ticket was
    opened then, which is what the explanation says. A naive one is a ValueError, a
    severity or a metric that the plan does not promise a KeyError, and a calendar that never opens
    a NeverOpensError.
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
    """The deadline of one promise, explained from its `first_sentence` on.

    That sentence is the same for every ticket, so who asks a million times keeps it.
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
    """The severity whose deadline comes first, and that deadline; None where none has a clock.

    It drives a ticket that has no severity yet. Of equals, the more severe.
    """
    dues = _dues(plan, opened_at, metric)
    first = min(dues, key=lambda found: found[0], default=None)
    return (first[1], deadline(plan, first[1], opened_at, metric)) if first else None


def share_of(deadline: Deadline, percent: int) -> datetime | None:
    """The instant at which so many percent of the time from start to due have passed.

    Elapsed time, rounded down to the microsecond; 100 is the due instant. None without a clock.
    """
    if deadline.starts_at is None or deadline.due_at is None:
        return None
    return deadline.starts_at + (deadline.due_at - deadline.starts_at) * percent // 100


def reckon(promise: Promise, opened_at: datetime) -> tuple[datetime, datetime] | None:
    """Start and due of a promise, without the explanation; None where it has no clock.

    The clock starts at the opening if the calendar is open then, else at its next opening. The
    weekday of that start, in the calendar's zone, chooses the target.
    """
    if not promise.has_clock:
        return None
    starts_at = promise.calendar.next_opening(opened_at)
    target = target_from(promise, starts_at)
    due = due_at(target, promise.calendar, opened_at, starts_at)
    return None if due is None else (starts_at, due)


def target_from(promise: Promise, starts_at: datetime) -> Target:
    """The target for a clock that starts at this instant."""
    if not promise.by_weekday:
        return promise.target
    return promise.target_on(promise.calendar.local(starts_at).weekday())


def _dues(plan: Plan, opened_at: datetime, metric: Metric) -> Iterator[tuple[datetime, str]]:
    opened_at = aware(opened_at)
    for promise in plan.promises_of(metric):
        clock = reckon(promise, opened_at)
        if clock is not None:
            yield clock[1], promise.severity.id
