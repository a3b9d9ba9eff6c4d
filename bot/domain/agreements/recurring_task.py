"""The recurring tasks of a plan: "a monthly system health report", "quarterly account reviews"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.agreements.period import months_after


@dataclass(frozen=True, slots=True)
class RecurringTask:
    """A task that a plan promises once in each term of `months` months.

    Commands name it by `id`.
    """

    id: str
    label: str
    months: int


@dataclass(frozen=True, slots=True)
class Term:
    """The local dates in which a task is due once, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that is not done yet, due by `last`, the last day of its term.

    `has_it` is the Slack user ID of the person responsible; None if nobody is named.
    """

    client_key: str
    client: str
    id: str
    label: str
    last: date
    has_it: str | None
    overdue: bool


def terms(duty: RecurringTask, since: date, until: date | None, today: date) -> Iterator[Term]:
    """Yield the terms that have begun by today, in order, from the day when the task was agreed.

    `until` is the first day without the task. A term that `until` cuts short is left out:
    "quarterly" promises a review a quarter.
    """
    count, first = 1, since
    while first <= today:
        following = months_after(since, duty.months * count)
        if until is not None and following > until:
            return
        yield Term(first, following - timedelta(days=1))
        count, first = count + 1, following
