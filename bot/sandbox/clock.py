"""The clock that the sandbox reads, and the check that every time has an offset."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current time, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """Reads the clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def in_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC. Raises ValueError for a naive time."""
    if instant.tzinfo is None:
        raise ValueError(f"naive time {instant.isoformat()}: give it an offset or a zone")
    return instant.astimezone(UTC)
