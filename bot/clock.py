"""The one place where the time is read, and Slack's way of writing it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the instant, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def steady_seconds() -> float:
    """Seconds from some instant of the past, for measuring how long ago something was: no step of
    the machine's clock moves them."""
    return time.monotonic()


class StoryClock:
    """A clock that stands until it is told to move: for the demo and the tests."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by

    def set(self, to: datetime) -> None:
        self._now = aware(to)


def aware(instant: datetime) -> datetime:
    """The same instant in UTC; a naive time is refused, since nobody can know what it means."""
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None:
        raise ValueError(f"naive time {instant.isoformat()}: give it an offset or a zone")
    return instant.astimezone(UTC)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(ts: str) -> datetime:
    """The instant that a Slack `ts` ("1773378000.000200") names, exactly, in UTC."""
    seconds, _, fraction = ts.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")[:6]))


def ts_of(instant: datetime) -> str:
    """The Slack `ts` that names an instant."""
    microseconds = (aware(instant) - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"
