"""Compare calendars with `workclock`, a third-party engine written in Rust, where both apply.

`workclock` supports weekly hours, nights, holidays and time zones. Business days and
dates with hours of their own are out of its scope.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.covered_between import covered_between
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.due import after_covered_time

if TYPE_CHECKING:
    import workclock

pytestmark = pytest.mark.thorough  # it needs a package that `make test` does not install

ZONES = (
    "Asia/Karachi",
    "Europe/Brussels",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
WEEKS = (
    ((range(5), 9 * 60, 18 * 60),),
    ((range(6), 8 * 60, 12 * 60), (range(5), 13 * 60, 22 * 60)),
    (((0, 2, 4), 22 * 60, 30 * 60),),
    ((range(7), 0, 1440),),
    (((1, 3), 150, 24 * 60), ((5, 6), 60, 180)),
)
Week = tuple[tuple[range | tuple[int, ...], int, int], ...]


def our_calendar(zone: str, week: Week, closed: list[date]) -> Calendar:
    windows = tuple(Window(day, start, end) for days, start, end in week for day in days)
    return Calendar("x", zone, windows, extra_closed=tuple((day, "closed") for day in closed))


def their_schedule(zone: str, week: Week, closed: list[date]) -> "workclock.Schedule":
    import workclock  # noqa: PLC0415 (see above)

    hours = [workclock.WorkDay(wall_time(start), wall_time(end), days) for days, start, end in week]
    return workclock.Schedule([*hours, workclock.Holidays(closed)], time_zone=ZoneInfo(zone))


def wall_time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("week", WEEKS)
def test_covered_targets_and_covered_time_equal_those_of_workclock(zone: str, week: Week) -> None:
    dice = random.Random(f"{zone} {week}")
    closed = sorted({date(2026, 1, 1) + timedelta(days=dice.randrange(420)) for _ in range(20)})
    calendar, schedule = our_calendar(zone, week, closed), their_schedule(zone, week, closed)
    for _ in range(40):
        opened_at = YEAR + timedelta(minutes=dice.randrange(365 * 24 * 60))
        length = timedelta(minutes=dice.choice((1, 30, 240, 480, 2400)))
        later = opened_at + timedelta(minutes=dice.randrange(20 * 24 * 60))
        assert after_covered_time(calendar, opened_at, length) == schedule.add(opened_at, length)
        assert covered_between(calendar, opened_at, later) == schedule.between(opened_at, later)


@pytest.mark.parametrize("zone", ZONES)
def test_next_openings_equal_those_of_workclock(zone: str) -> None:
    dice = random.Random(zone)
    for week in WEEKS:
        calendar, schedule = our_calendar(zone, week, []), their_schedule(zone, week, [])
        for _ in range(40):
            opened_at = YEAR + timedelta(minutes=dice.randrange(365 * 24 * 60))
            assert calendar.next_opening(opened_at) == schedule.next_period(opened_at)[0]
