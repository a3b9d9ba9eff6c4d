"""Tests of the covered time between two instants, which is the time that a pause adds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.covered_between import covered_between
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.due import after_covered_time

OFFICE = Calendar(
    "office",
    "Asia/Karachi",
    tuple(Window(day, 9 * 60, 18 * 60) for day in range(5)),
    HolidayCalendar("PK"),
)
NIGHTS = Calendar(
    "nights",
    "Australia/Lord_Howe",
    tuple(Window(day, 22 * 60, 30 * 60) for day in (0, 2, 4, 6)),
    extra_closed=((date(2026, 4, 6), "Fair"),),
)
HOUR = timedelta(hours=1)

instants = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minute: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
calendars = st.sampled_from((OFFICE, NIGHTS))
unhurried = settings(deadline=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_only_time_within_windows_counts() -> None:
    """Friday 17:00 to Monday 10:00 in Karachi has 60 covered minutes on each of two days."""
    assert covered_between(OFFICE, utc("2026-03-13T12:00"), utc("2026-03-16T05:00")) == 2 * HOUR


def test_weekends_and_holidays_do_not_count() -> None:
    assert covered_between(OFFICE, utc("2026-08-13T13:00"), utc("2026-08-17T04:00")) == 0 * HOUR


def test_an_empty_span_has_no_covered_time() -> None:
    assert covered_between(OFFICE, utc("2026-03-09T05:00"), utc("2026-03-09T05:00")) == 0 * HOUR


def test_a_span_of_several_months_is_counted_completely() -> None:
    """Karachi, March and April 2026: 44 weekdays without Eid al-Fitr on 20 March and 23 March."""
    closed = [day for day in range(20, 24) if OFFICE.closed_for(date(2026, 3, day))]
    weekdays_closed = [day for day in closed if date(2026, 3, day).weekday() < 5]
    passed = covered_between(OFFICE, utc("2026-02-28T19:00"), utc("2026-04-30T19:00"))
    assert passed == (44 - len(weekdays_closed)) * 9 * HOUR


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(ValueError, match="give them in order"):
        covered_between(OFFICE, utc("2026-03-10T05:00"), utc("2026-03-09T05:00"))


def test_a_naive_instant_is_refused() -> None:
    naive = datetime.fromisoformat("2026-03-09T05:00")
    with pytest.raises(ValueError, match="naive time"):
        covered_between(OFFICE, naive, utc("2026-03-10T05:00"))


@unhurried
@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_the_covered_times_of_parts_sum_to_the_whole(
    calendar: Calendar, three: list[datetime]
) -> None:
    first, second, third = sorted(three)
    assert covered_between(calendar, first, third) == (
        covered_between(calendar, first, second) + covered_between(calendar, second, third)
    )


@unhurried
@given(calendars, instants, st.integers(1, 20_000).map(lambda minute: timedelta(minutes=minute)))
def test_covered_time_from_start_to_due_is_the_targets_length(
    calendar: Calendar, start: datetime, length: timedelta
) -> None:
    assert covered_between(calendar, start, after_covered_time(calendar, start, length)) == length


@unhurried
@given(calendars, instants)
def test_no_covered_time_passes_before_the_next_opening(
    calendar: Calendar, start: datetime
) -> None:
    assert after_covered_time(calendar, start, timedelta()) == calendar.next_opening(start)
