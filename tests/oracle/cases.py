"""Random calendars around the clock changes of many zones; product and oracle are compared."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.covered_between import covered_between
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.due_time import reckon
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    Target,
)
from tests.oracle.minutes import DAY, Hours, Oracle, WallClock, Week

ZONES = (
    "Asia/Karachi",  # no clock change
    "Asia/Kathmandu",  # a quarter of an hour off
    "Asia/Beirut",  # changes at midnight, northern
    "Europe/Brussels",
    "Europe/London",
    "America/New_York",
    "America/St_Johns",
    "America/Nuuk",  # changes from 23:00 to midnight
    "America/Santiago",  # changes at midnight, southern
    "Africa/Cairo",  # changes at midnight, northern
    "Africa/Casablanca",  # changes around Ramadan
    "Antarctica/Troll",  # changes by two hours
    "Australia/Sydney",
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Auckland",
)
FIRST_YEAR, YEARS = 2024, 8
OPENED_FROM, OPENED_UNTIL = 12, 18  # days into the span; a clock change is on day 15
CALENDARS_A_SPAN = 20
OPENINGS_A_CALENDAR = 3
TARGETS_AN_OPENING = 4
LENGTHS = (1, 30, 120, 240, 480, 1000, 2400)
MINUTE = timedelta(minutes=1)


def compare(zone: str, seed: int, cases: int) -> int:
    """Compare at least `cases` cases of the zone and return their number.

    Raises AssertionError with the case if they differ.
    """
    dice = random.Random(f"{zone} {seed}")
    compared = 0
    for span in count():
        year = FIRST_YEAR + (seed + span) % YEARS
        for change in clock_changes(zone, year):
            wall = WallClock(zone, change.replace(hour=0) - timedelta(days=15))
            for number in range(CALENDARS_A_SPAN):
                if compared >= cases:
                    return compared
                compared += compare_calendar(dice, zone, wall, KINDS[number % len(KINDS)](dice))
    return compared


def compare_calendar(dice: random.Random, zone: str, wall: WallClock, week: Week) -> int:
    """Build a week with holidays, some adjacent, and with dates that have their own hours."""
    first_day = wall.shows[0] // DAY
    closed = {first_day + dice.randint(10, 25) for _ in range(dice.randint(0, 4))}
    closed |= {day + 1 for day in list(closed)[:1]}
    own = {first_day + dice.randint(10, 25): own_hours(dice) for _ in range(dice.randint(0, 2))}
    oracle = Oracle(wall, week, closed - own.keys(), own)
    calendar = Calendar(
        "random",
        zone,
        tuple(Window(*window) for window in sorted(week)),
        extra_closed=tuple((date.fromordinal(day), "closed") for day in sorted(closed)),
        extra_windows=tuple(
            (date.fromordinal(day), Window(date.fromordinal(day).weekday(), start, end))
            for day, hours in own.items()
            for start, end in sorted(hours)
        ),
    )
    for _ in range(OPENINGS_A_CALENDAR):
        compare_opening(dice, wall, oracle, calendar)
    return OPENINGS_A_CALENDAR * (TARGETS_AN_OPENING + 1)


def compare_opening(
    dice: random.Random, wall: WallClock, oracle: Oracle, calendar: Calendar
) -> None:
    """Compare whether the desk is open at an instant, the due time of each target, and the covered
    time until a later instant.
    """
    opened = dice.randrange(OPENED_FROM * DAY, OPENED_UNTIL * DAY)
    opened_at = wall.begins + opened * MINUTE
    assert calendar.is_open(opened_at) == bool(oracle.covered[opened]), (calendar, opened_at)
    # A target may be no longer than the covered time that is left, since windows may be short.
    left = oracle.between(opened, len(wall.shows) - 3 * DAY)
    for target in (random_target(dice, left) for _ in range(TARGETS_AN_OPENING)):
        clock = reckon(SlaTarget(Severity("x", "X", "x"), target, calendar, {}), opened_at)
        expected = (oracle.start(opened), oracle.due(target, opened))
        assert clock == tuple(wall.begins + minute * MINUTE for minute in expected), (
            calendar,
            opened_at,
            target,
        )
    later = opened + dice.choice((dice.randrange(DAY), dice.randrange(25 * DAY)))
    passed = covered_between(calendar, opened_at, wall.begins + later * MINUTE)
    assert passed == oracle.between(opened, later) * MINUTE, (calendar, opened_at, later)


def clock_changes(zone: str, year: int) -> list[datetime]:
    """Return the year's first two clock changes, to the hour, or two ordinary days without any."""
    start = datetime(year, 1, 20, tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(365 * 24)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    pairs = zip(hours[1:], offsets, offsets[1:], strict=False)
    changes = [hour for hour, before, after in pairs if before != after]
    return changes[:2] or [start, start + timedelta(days=200)]


def random_windows(dice: random.Random) -> Week:
    """Return windows on two weekdays or more, some of them over midnight."""
    weekdays = dice.sample(range(7), dice.randint(2, 7))
    step = dice.choice((5, 15, 60))
    windows: Week = set()
    for weekday in weekdays:
        kind = dice.random()
        if kind < 0.15:
            windows.add((weekday, 0, DAY))
        elif kind < 0.4:
            start = dice.randrange(18 * 60, DAY, step)
            free_until = 4 * 60  # all other windows start later, so no two overlap
            windows.add((weekday, start, DAY + dice.randrange(step, free_until + 1, step)))
            windows.add((weekday, 5 * 60, dice.randrange(6 * 60, 18 * 60, step)))
        else:
            cuts = sorted(dice.sample(range(4 * 60, DAY + 1, step), 4))
            windows.add((weekday, cuts[0], cuts[1]))
            windows.add((weekday, cuts[2], cuts[3]))
    if not any(end == DAY and start == 0 for _, start, end in windows):
        return windows
    # A whole day leaves no room for the previous night's window.
    return {(weekday, start, min(end, DAY)) for weekday, start, end in windows}


def night_windows(dice: random.Random) -> Week:
    """Return windows around the hours of clock changes, divided there and starting there."""
    start = dice.choice((0, 30, 90, 120, 135, 150))
    split = start + dice.choice((15, 30, 60))
    weekdays = range(7)
    windows = {(weekday, start, split) for weekday in weekdays}
    return windows | {(weekday, split + 10, 8 * 60) for weekday in weekdays}


def day_long_windows(dice: random.Random) -> Week:
    """Return 24-hour windows on every other day, from an hour at which clocks change somewhere."""
    start = dice.choice((30, 150, 23 * 60, 23 * 60 + 30))
    return {(weekday, start, start + DAY) for weekday in (0, 2, 4, 5, 6)[dice.randint(0, 1) :]}


def random_target(dice: random.Random, most: int) -> Target:
    length = timedelta(minutes=dice.choice([minutes for minutes in LENGTHS if minutes <= most]))
    return dice.choice(
        (
            ClockTime(length),
            CoveredTime(length),
            BusinessDays(dice.randint(1, 3)),
            NextBusinessDay(),
        )
    )


def own_hours(dice: random.Random) -> Hours:
    """Return 1 or 2 windows of a date, the last sometimes over midnight."""
    cuts = sorted(dice.sample(range(0, DAY, 15), 3))
    if dice.random() < 0.5:
        return {(cuts[0], dice.choice((cuts[1], DAY, DAY + cuts[0])))}
    return {(cuts[0], cuts[1]), (cuts[2], dice.choice((DAY, DAY + min(60, cuts[2]))))}


KINDS = (night_windows, day_long_windows, random_windows, random_windows)
