"""The calculation against one that counts minutes, shares no code with it, and looks at each.

The oracle walks a span of UTC minute by minute, notes what the wall of the zone shows, and marks
the minutes that are covered. Around each clock change of thirteen zones, in both hemispheres.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar import Calendar
from bot.domain.deadline import reckon
from bot.domain.plan import Promise, Severity
from bot.domain.target import BusinessDays, ClockTime, CoveredTime, NextBusinessDay, Target
from bot.domain.window import Window

ZONES = (
    "Asia/Karachi",  # no clock change
    "Asia/Kathmandu",  # a quarter of an hour off
    "Europe/Brussels",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Nuuk",  # changes from 23:00 to midnight
    "America/Santiago",  # changes at midnight, southern
    "Africa/Cairo",  # changes at midnight, northern
    "Africa/Casablanca",  # changes around Ramadan
    "Australia/Sydney",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Auckland",
)
SPAN_DAYS = 60
OPENED_FROM, OPENED_UNTIL = 12, 18  # days into the span; a clock change is on day 15
CALENDARS_A_SPAN = 40
OPENINGS_A_CALENDAR = 3
DAY = 1440

LENGTHS = (1, 30, 120, 240, 480, 1000, 2400)


class Wall:
    """What the wall shows at each minute of a span, and which minute a wall time means."""

    def __init__(self, zone: str, begins: datetime) -> None:
        self.begins = begins
        self.shows: list[int] = []
        for quarter in range(SPAN_DAYS * DAY // 15):
            instant = begins + timedelta(minutes=15 * quarter)
            offset = instant.astimezone(ZoneInfo(zone)).utcoffset()
            assert offset is not None
            since = instant - datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=1) + offset
            first = since // timedelta(minutes=1)
            self.shows += range(first, first + 15)
        self.first: dict[int, int] = {}
        for minute, shown in enumerate(self.shows):
            self.first.setdefault(shown, minute)
        pairs = zip(self.shows, self.shows[1:], strict=False)
        self.jumps = [(before, after) for before, after in pairs if after > before + 1]

    def minute(self, shown: int) -> int:
        if shown in self.first:
            return self.first[shown]
        for before, after in self.jumps:
            if before < shown < after:
                return self.first[shown + after - before - 1]
        raise LookupError("the span is too short for this case")

    def days(self) -> Iterator[int]:
        yield from range(self.shows[0] // DAY + 1, self.shows[-1] // DAY - 2)


class Oracle:
    """A calendar as a row of minutes, one byte each: 1 where it is covered."""

    def __init__(self, wall: Wall, windows: set[tuple[int, int, int]], closed: set[int]) -> None:
        self.wall = wall
        self.covered = bytearray(len(wall.shows))
        stretches: list[tuple[int, int, int]] = []
        for day in wall.days():
            for weekday, start, end in windows:
                if date.fromordinal(day).weekday() == weekday and day not in closed:
                    first, last = wall.minute(day * DAY + start), wall.minute(day * DAY + end)
                    stretches.append((day, first, last))
                    self.covered[first:last] = b"\1" * max(0, last - first)
        for day in closed:
            first, last = wall.minute(day * DAY), wall.minute(day * DAY + DAY)
            self.covered[first:last] = bytes(last - first)
        self.by_day: dict[int, list[tuple[int, int]]] = {}
        for day, first, last in stretches:
            closes = self.covered.rfind(1, first, max(first, last)) + 1
            if closes:
                self.by_day.setdefault(day, []).append((first, closes))

    def start(self, opened: int) -> int:
        found = self.covered.find(1, opened)
        assert found >= 0, "the span is too short for this case"
        return found

    def due(self, target: Target, opened: int) -> int:
        start = self.start(opened)
        if isinstance(target, ClockTime):
            return start + target.length // timedelta(minutes=1)
        if isinstance(target, CoveredTime):
            return self.count(start, target.length // timedelta(minutes=1))
        if isinstance(target, BusinessDays):
            return self.same_time(start, target.days)
        day = self.business_day(self.wall.shows[opened] // DAY, 1)
        return max(last for _, last in self.by_day[day])

    def count(self, minute: int, wanted: int) -> int:
        while wanted:
            wanted -= self.covered[minute]
            minute += 1
        return minute

    def business_day(self, day: int, count: int) -> int:
        while count:
            day += 1
            assert day < self.wall.shows[-1] // DAY, "the span is too short for this case"
            count -= day in self.by_day
        return day

    def same_time(self, start: int, days: int) -> int:
        day = self.business_day(self.wall.shows[start] // DAY, days)
        minute = self.wall.minute(day * DAY + self.wall.shows[start] % DAY)
        if self.covered[minute]:
            return minute
        closes = [last for _, last in self.by_day[day] if last <= minute]
        return max(closes) if closes else min(first for first, _ in self.by_day[day])


def clock_changes(zone: str) -> list[datetime]:
    """The first two clock changes from 2026 on, to the hour; without any, two ordinary days."""
    start = datetime(2026, 1, 20, tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(365 * 24)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    pairs = zip(hours[1:], offsets, offsets[1:], strict=False)
    changes = [hour for hour, before, after in pairs if before != after]
    return changes[:2] or [start, start + timedelta(days=200)]


def random_windows(dice: random.Random) -> set[tuple[int, int, int]]:
    """Two weekdays or more, each with a window or two, some of them over midnight."""
    weekdays = dice.sample(range(7), dice.randint(2, 7))
    step = dice.choice((5, 15, 60))
    windows: set[tuple[int, int, int]] = set()
    for weekday in weekdays:
        kind = dice.random()
        if kind < 0.15:
            windows.add((weekday, 0, DAY))
        elif kind < 0.4:
            start = dice.randrange(18 * 60, DAY, step)
            free_until = 4 * 60  # all other windows start later, so that none overlap
            windows.add((weekday, start, DAY + dice.randrange(step, free_until + 1, step)))
            windows.add((weekday, 5 * 60, dice.randrange(6 * 60, 18 * 60, step)))
        else:
            cuts = sorted(dice.sample(range(4 * 60, DAY + 1, step), 4))
            windows.add((weekday, cuts[0], cuts[1]))
            windows.add((weekday, cuts[2], cuts[3]))
    if not any(end == DAY and start == 0 for _, start, end in windows):
        return windows
    # A whole day leaves no room for the night before.
    return {(weekday, start, min(end, DAY)) for weekday, start, end in windows}


def night_windows(dice: random.Random) -> set[tuple[int, int, int]]:
    """Windows around the hours at which clocks change, split there and starting within."""
    start = dice.choice((0, 30, 90, 120, 135, 150))
    split = start + dice.choice((15, 30, 60))
    weekdays = range(7)
    windows = {(weekday, start, split) for weekday in weekdays}
    return windows | {(weekday, split + 10, 8 * 60) for weekday in weekdays}


def day_long_windows(dice: random.Random) -> set[tuple[int, int, int]]:
    """Every other day 24 hours from an hour at which clocks change somewhere."""
    start = dice.choice((30, 150, 23 * 60, 23 * 60 + 30))
    return {(weekday, start, start + DAY) for weekday in (0, 2, 4, 5, 6)[dice.randint(0, 1) :]}


def random_target(dice: random.Random) -> Target:
    length = timedelta(minutes=dice.choice(LENGTHS))
    return dice.choice(
        (
            ClockTime(length),
            CoveredTime(length),
            BusinessDays(dice.randint(1, 3)),
            NextBusinessDay(),
        )
    )


KINDS = (night_windows, day_long_windows, random_windows, random_windows)


@pytest.mark.parametrize("zone", ZONES)
def test_start_and_due_are_those_that_counting_minutes_gives(zone: str) -> None:
    dice = random.Random(zone)
    compared = 0
    for change in clock_changes(zone):
        wall = Wall(zone, change.replace(hour=0) - timedelta(days=15))
        for number in range(CALENDARS_A_SPAN):
            windows = KINDS[number % len(KINDS)](dice)
            first_day = wall.shows[0] // DAY
            closed = {first_day + dice.randint(10, 25) for _ in range(dice.randint(0, 4))}
            closed |= {day + 1 for day in list(closed)[:1]}
            oracle = Oracle(wall, windows, closed)
            calendar = Calendar(
                "random",
                zone,
                tuple(Window(*window) for window in sorted(windows)),
                extra_closed=tuple((date.fromordinal(day), "closed") for day in closed),
            )
            for _ in range(OPENINGS_A_CALENDAR):
                opened = dice.randrange(OPENED_FROM * DAY, OPENED_UNTIL * DAY)
                opened_at = wall.begins + timedelta(minutes=opened)
                assert calendar.is_open(opened_at) == bool(oracle.covered[opened])
                for target in (random_target(dice) for _ in range(4)):
                    promise = Promise(Severity("x", "X", "x"), target, calendar, {})
                    clock = reckon(promise, opened_at)
                    expected = tuple(
                        wall.begins + timedelta(minutes=minute)
                        for minute in (oracle.start(opened), oracle.due(target, opened))
                    )
                    assert clock == expected, (zone, windows, closed, opened_at, target)
                    compared += 1
    assert compared == 2 * CALENDARS_A_SPAN * OPENINGS_A_CALENDAR * 4
