"""Stretches of time, half-open: the start belongs to them, the end does not."""

from collections.abc import Iterable
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
