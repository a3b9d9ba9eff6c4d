"""The kinds of target that an agreement can name."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Elapsed time from the start (`"4h"`, `"30m"`), which continues after coverage closes.

    "Response time SLAs are measured in clock time, not business hours."
    """

    length: timedelta


@dataclass(frozen=True, slots=True)
class CoveredTime:
    """Time within the calendar's windows (`"4h covered"`)."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """The same local wall time, `days` business days later (`"2 business days"`)."""

    days: int


@dataclass(frozen=True, slots=True)
class NextBusinessDay:
    """The close of the first business day after the day of opening (`"next business day"`)."""


@dataclass(frozen=True, slots=True)
class NoClock:
    """A promise in words without a clock, such as "prioritised handling". It is never overdue."""

    words: str


Target = ClockTime | CoveredTime | BusinessDays | NextBusinessDay | NoClock
