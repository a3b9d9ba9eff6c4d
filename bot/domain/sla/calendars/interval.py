"""Half-open intervals of time: the start is included, the end is not."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """The interval `[start, end)`; both aware, in UTC."""

    start: datetime
    end: datetime


def cut(interval: Interval, start: datetime, end: datetime) -> Interval:
    """Return the part of the interval within `[start, end)`.

    If there is none, its end is not past its start.
    """
    return Interval(max(interval.start, start), min(interval.end, end))


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same time as disjoint intervals in order.

    Adjacent intervals are joined and empty intervals are dropped. Around a clock change, two
    windows that do not overlap in wall time can overlap in UTC.
    """
    result: list[Interval] = []
    for interval in sorted(interval for interval in intervals if interval.start < interval.end):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)


def without(intervals: Iterable[Interval], gap: Interval) -> Iterator[Interval]:
    """Yield the parts of each interval outside the gap, without empty parts."""
    for start, end in intervals:
        for left in (Interval(start, min(end, gap.start)), Interval(max(start, gap.end), end)):
            if left.start < left.end:
                yield left
