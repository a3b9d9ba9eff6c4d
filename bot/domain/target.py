"""The kinds of response target that an agreement can name."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class ClockTime:
    """`"4h"`, `"30m"`: elapsed time from the start; it runs on after coverage closes.

    "Response time SLAs are measured in clock time, not business hours."
    """

    length: timedelta


@dataclass(frozen=True, slots=True)
class CoveredTime:
    """`"4h covered"`: so much time inside the calendar's windows."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """`"2 business days"`: the same local wall time, so many business days on."""

    days: int


@dataclass(frozen=True, slots=True)
class NextBusinessDay:
    """`"next business day"`: by the close of the first business day after the day of opening."""


@dataclass(frozen=True, slots=True)
class NoClock:
    """A promise in words without a clock: "prioritised handling". Never late, never a breach."""

    words: str


Target = ClockTime | CoveredTime | BusinessDays | NextBusinessDay | NoClock
