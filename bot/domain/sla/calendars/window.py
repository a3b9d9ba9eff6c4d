"""A weekly window of coverage."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.sla.calendars.wall_time import MINUTES_A_DAY

_MINUTES_A_WEEK = 7 * MINUTES_A_DAY
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A window of coverage on a weekday, from `start` until `end`, half-open.

    `start` and `end` are minutes of local wall time past midnight. `weekday` 0 is Monday, as in
    `date.weekday`. An `end` of 1440 is midnight; larger values are on the next day. A window lasts
    at most 24 hours. Raises ValueError for other values.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"weekday {self.weekday}: 0 is Monday and 6 is Sunday")
        if not 0 <= self.start < MINUTES_A_DAY:
            raise ValueError(f"a window starts within its day, not at minute {self.start}")
        if not self.start < self.end <= self.start + MINUTES_A_DAY:
            raise ValueError("a window ends after it starts and lasts at most 24 hours")

    def __str__(self) -> str:
        """Return the window as "Mon 09:00-18:00"."""
        return f"{_WEEKDAYS[self.weekday]} {_wall(self.start)}-{_wall(self.end)}"


def overlaps(windows: Sequence[Window]) -> list[tuple[Window, Window]]:
    """Return the pairs of windows that share wall time, also across the end of the week."""
    ordered = sorted(windows)
    return [
        (first, second)
        for position, first in enumerate(ordered)
        for second in ordered[position + 1 :]
        if _share(first, second)
    ]


def _share(first: Window, second: Window) -> bool:
    start, end = _in_week(first)
    other_start, other_end = _in_week(second)
    return any(
        start < other_end + turn and other_start + turn < end
        for turn in (-_MINUTES_A_WEEK, 0, _MINUTES_A_WEEK)
    )


def _in_week(window: Window) -> tuple[int, int]:
    midnight = window.weekday * MINUTES_A_DAY
    return midnight + window.start, midnight + window.end


def _wall(minute: int) -> str:
    if minute > MINUTES_A_DAY:
        minute -= MINUTES_A_DAY
    return f"{minute // 60:02d}:{minute % 60:02d}"
