"""The covered intervals of a month with running sums, for lookups without a scan."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from bot.domain.sla.calendars.interval import Interval


class Coverage(NamedTuple):
    """Disjoint covered intervals in order, in UTC.

    `passed[n]` is the covered time before interval `n`; the last item is the total.
    """

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    passed: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        """Return the total covered time."""
        return self.passed[-1]

    def first_after(self, instant: datetime) -> int:
        """Return the position of the first interval that ends after the instant.

        If there is none, return the number of intervals.
        """
        return bisect_right(self.ends, instant)

    def passed_at(self, instant: datetime) -> timedelta:
        """Return the covered time before the instant."""
        position = bisect_right(self.ends, instant)
        passed = self.passed[position]
        if position < len(self.starts) and self.starts[position] < instant:
            passed += instant - self.starts[position]
        return passed

    def instant_at(self, passed: timedelta, first: int) -> datetime:
        """Return the earliest instant, not before interval `first`, when `passed` time has passed.

        An amount that is used up exactly at closing ends at closing, not at the next opening.
        `passed` is at most the total, and at least the time that has passed when interval `first`
        begins.
        """
        position = bisect_left(self.passed, passed, first + 1) - 1
        return self.starts[position] + (passed - self.passed[position])


def coverage_of(intervals: Iterable[Interval]) -> Coverage:
    """Return the coverage of disjoint intervals that are in order."""
    ordered = tuple(intervals)
    return Coverage(
        starts=tuple(interval.start for interval in ordered),
        ends=tuple(interval.end for interval in ordered),
        passed=tuple(
            accumulate((interval.end - interval.start for interval in ordered), initial=timedelta())
        ),
    )


def month_of(instant: datetime) -> int:
    """Return the number of the month of an instant in UTC. Months are numbered from year 0."""
    return instant.year * 12 + instant.month - 1


def month_begins(month: int) -> datetime:
    """Return the first instant of the month, in UTC."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
