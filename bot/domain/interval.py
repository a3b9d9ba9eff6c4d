"""Stretches of time, half-open: the start belongs to them, the end does not."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """`[start, end)`; both aware, in UTC."""

    start: datetime
    end: datetime


def cut(interval: Interval, start: datetime, end: datetime) -> Interval:
    """The part of the interval within `[start, end)`; empty where its end is not past its start."""
    return Interval(max(interval.start, start), min(interval.end, end))


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same time as disjoint intervals in order; what touches becomes one, what is empty goes.

    Around a clock change two windows that never overlap on the wall can overlap in UTC.
    """
    result: list[Interval] = []
    for interval in sorted(interval for interval in intervals if interval.start < interval.end):
        if result and interval.start <= result[-1].end:
            result[-1] = Interval(result[-1].start, max(result[-1].end, interval.end))
        else:
            result.append(interval)
    return tuple(result)


def without(intervals: Iterable[Interval], gap: Interval) -> Iterator[Interval]:
    """What is left of each interval outside the gap; what is empty goes."""
    for start, end in intervals:
        for left in (Interval(start, min(end, gap.start)), Interval(max(start, gap.end), end)):
            if left.start < left.end:
                yield left
