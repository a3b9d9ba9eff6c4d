"""The recurring duties of a plan: "a monthly system health report", "quarterly account reviews"."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.period import months_after


@dataclass(frozen=True, slots=True)
class Duty:
    """Work that a plan promises once in every so many `months`. `id` is what people type."""

    id: str
    label: str
    months: int


@dataclass(frozen=True, slots=True)
class Term:
    """The local dates in which a duty is to be done once, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty that is not done yet, by the `last` day of its term. `has_it` is the Slack user ID of
    whose it is; None: nobody is named."""

    client_key: str
    client: str
    id: str
    label: str
    last: date
    has_it: str | None
    overdue: bool


def terms(duty: Duty, since: date, until: date | None, today: date) -> Iterator[Term]:
    """The terms that have begun by today, one after the other from the day on which the duty was
    agreed. One that is cut short, since the duty is agreed only until the day before `until`, owes
    nothing: "quarterly" promises a review a quarter."""
    count, first = 1, since
    while first <= today:
        following = months_after(since, duty.months * count)
        if until is not None and following > until:
            return
        yield Term(first, following - timedelta(days=1))
        count, first = count + 1, following
