"""The only place that reads the time."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class TimeSource(Protocol):
    """A source of the current instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemTimeSource:
    """The system clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def steady_seconds() -> float:
    """Return seconds from an arbitrary start, to measure elapsed time.

    Changes of the system clock have no effect on it.
    """
    return time.monotonic()


class ManualTimeSource:
    """A clock that moves only on request, for the demo and the tests."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by

    def set(self, to: datetime) -> None:
        """Set the clock to an aware instant."""
        self._now = aware(to)


def aware(instant: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a naive time, which is ambiguous."""
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"naive time {instant.isoformat()}: give it an offset or a zone")
    return instant.astimezone(UTC)
