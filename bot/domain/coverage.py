"""What is covered in a month, with running sums, so that no question has to walk through it."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from bot.domain.interval import Interval


class Coverage(NamedTuple):
    """Disjoint intervals in order, in UTC.

    `passed[n]` is the covered time before the interval `n`; the last one is all there is.
    """

    starts: tuple[datetime, ...]
    ends: tuple[datetime, ...]
    passed: tuple[timedelta, ...]

    @property
    def total(self) -> timedelta:
        """All the time that is covered."""
        return self.passed[-1]

    def first_after(self, instant: datetime) -> int:
        """The position of the first interval that ends after the instant; their number if none."""
        return bisect_right(self.ends, instant)

    def passed_at(self, instant: datetime) -> timedelta:
        """The covered time before the instant."""
        position = bisect_right(self.ends, instant)
        passed = self.passed[position]
        if position < len(self.starts) and self.starts[position] < instant:
            passed += instant - self.starts[position]
        return passed

    def instant_at(self, passed: timedelta, first: int) -> datetime:
        """The earliest instant, not before the interval `first`, at which so much has passed.

        What ends exactly at closing ends at closing, not at the next opening. `passed` is at most
        the total, and at least what has passed when the interval `first` begins.
        """
        position = bisect_left(self.passed, passed, first + 1) - 1
        return self.starts[position] + (passed - self.passed[position])


def coverage_of(intervals: Iterable[Interval]) -> Coverage:
    """The coverage of disjoint intervals in order."""
    found = tuple(intervals)
    return Coverage(
        starts=tuple(interval.start for interval in found),
        ends=tuple(interval.end for interval in found),
        passed=tuple(
            accumulate((interval.end - interval.start for interval in found), initial=timedelta())
        ),
    )


def month_of(instant: datetime) -> int:
    """The month of UTC that an instant, in UTC, is in: months are numbered from the year 0 on."""
    return instant.year * 12 + instant.month - 1


def month_begins(month: int) -> datetime:
    """The first instant of the month."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
