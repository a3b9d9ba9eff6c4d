"""Compare business time with other libraries on the same windows, holidays and openings.

Each library is used as its documentation shows. All answers are compared before the timing starts.
"""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import pandas as pd
import pytz
import workclock

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.covered_between import covered_between
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.due import after_business_days, after_covered_time

ZONE = "Europe/Brussels"
OPENS, CLOSES = 9, 17
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
TEN_DAYS = timedelta(days=10)
OPENINGS = 2_000
SLOWER = 40  # divides the number of openings for the slower libraries
ROUNDS = 15

Answer = datetime | timedelta


class Solution(NamedTuple):
    """A library's answer to a question, from an opening in the library's own form."""

    library: str
    ask: Callable[[Any], Answer]
    openings: Sequence[datetime]


class Row(NamedTuple):
    """Microseconds that a library takes for an answer."""

    question: str
    library: str
    microseconds: float


def business_time() -> list[Row]:
    """Time each question with each library that can answer it, ours first.

    Raises ValueError if two answers differ.
    """
    rows: list[Row] = []
    for question, ways in questions().items():
        _compare(question, ways)
        # The libraries take turns, so other load on the machine slows all alike; the best of the
        # rounds counts, since load can only make a round slower.
        rounds = [[_microseconds(way) for way in ways] for _ in range(ROUNDS)]
        for way, times in zip(ways, zip(*rounds, strict=True), strict=True):
            rows.append(Row(question, way.library, min(times)))
    return rows


def questions() -> dict[str, list[Solution]]:
    """Return each question's solutions.

    All days are alike, so two business days equal two days' hours.
    """
    return {
        "+4 h covered": _solutions_to_add(4),
        "+40 h covered over holidays": _solutions_to_add(40),
        "2 business days": _solutions_to_go_two_days_on(),
        "covered time in 10 days": _solutions_to_measure(),
    }


def _solutions_to_add(hours: int) -> list[Solution]:
    desk, schedule = _desk(), _schedule()
    length = timedelta(hours=hours)
    business_length = businesstimedelta.BusinessTimeDelta(_rules(), hours=hours)
    business_hours = _pandas_hours() * hours
    openings = _openings()
    return [
        Solution("deskbell", lambda at: after_covered_time(desk, at, length), openings),
        Solution("workclock", lambda at: schedule.add(at, length), openings),
        Solution("businesstimedelta", lambda at: at + business_length, openings[::SLOWER]),
        Solution("pandas", lambda at: at + business_hours, _for_pandas(openings)),
    ]


def _solutions_to_go_two_days_on() -> list[Solution]:
    desk = _desk()
    two_days = pd.offsets.CustomBusinessDay(holidays=_holidays()) * 2
    ours = Solution("deskbell", lambda at: after_business_days(desk, at, 2), _openings())
    pandas = Solution("pandas", lambda at: at + two_days, _for_pandas(_openings()))
    return [ours, *_solutions_to_add(2 * (CLOSES - OPENS))[1:3], pandas]


def _solutions_to_measure() -> list[Solution]:
    desk, schedule, rules = _desk(), _schedule(), _rules()
    openings = _openings()

    def difference(at: datetime) -> timedelta:
        covered: timedelta = rules.difference(at, at + TEN_DAYS).timedelta
        return covered

    return [
        Solution("deskbell", lambda at: covered_between(desk, at, at + TEN_DAYS), openings),
        Solution("workclock", lambda at: schedule.between(at, at + TEN_DAYS), openings),
        Solution("businesstimedelta", difference, openings[::SLOWER]),
    ]


def _compare(question: str, solutions: Sequence[Solution]) -> None:
    ours = solutions[0]
    for solution in solutions[1:]:
        for opening in solution.openings:
            answer, expected = solution.ask(opening), ours.ask(opening)
            if answer != expected:
                raise ValueError(
                    f"{question} at {opening}: "
                    f"{solution.library} says {answer}, deskbell {expected}"
                )


def _microseconds(solution: Solution) -> float:
    begun = time.perf_counter()
    for opening in solution.openings:
        solution.ask(opening)
    return (time.perf_counter() - begun) / len(solution.openings) * 1e6


def _openings() -> list[datetime]:
    """Return covered openings over a year.

    They are off the full hour, because pandas moves a result at closing time on to the next
    opening.
    """
    desk = _desk()
    dice = random.Random(1)
    minutes = (dice.randrange(365 * 24 * 60) for _ in range(OPENINGS * 20))
    instants = (YEAR + timedelta(minutes=minute) for minute in minutes)
    open_ones = (at for at in instants if desk.is_open(at) and at.minute)
    return list(islice(open_ones, OPENINGS))


def _for_pandas(openings: Sequence[datetime]) -> list[pd.Timestamp]:
    return [pd.Timestamp(at).tz_convert(ZONE) for at in openings[::SLOWER]]


def _holidays() -> list[date]:
    known = HolidayCalendar("XECB", financial=True)
    days = (YEAR.date() + timedelta(days=day) for day in range(2 * 365))
    return [day for day in days if known.name_on(day)]


def _desk() -> Calendar:
    windows = tuple(Window(weekday, OPENS * 60, CLOSES * 60) for weekday in range(5))
    return Calendar("bench", ZONE, windows, HolidayCalendar("XECB", financial=True))


def _schedule() -> workclock.Schedule:
    hours = workclock.WorkDay(clock_time(OPENS), clock_time(CLOSES))
    return workclock.Schedule([hours, workclock.Holidays(_holidays())], time_zone=ZoneInfo(ZONE))


def _rules() -> businesstimedelta.Rules:
    zone = pytz.timezone(ZONE)
    hours = businesstimedelta.WorkDayRule(
        start_time=clock_time(OPENS), end_time=clock_time(CLOSES), working_days=range(5), tz=zone
    )
    closed = businesstimedelta.HolidayRule(holidays.financial_holidays("XECB"), tz=zone)
    return businesstimedelta.Rules([hours, closed])


def _pandas_hours() -> Any:
    return pd.offsets.CustomBusinessHour(
        start=clock_time(OPENS), end=clock_time(CLOSES), holidays=_holidays()
    )
