"""Tests of a calendar's coverage hours."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import islice

import pytest

from bot.domain.sla.calendars.calendar import Calendar, NeverOpensError
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.window import Window
from bot.views.refusals import sentence_of

PAKISTAN = HolidayCalendar("PK")
OFFICE = Calendar(
    "office", "Asia/Karachi", tuple(Window(day, 9 * 60, 18 * 60) for day in range(5)), PAKISTAN
)
ALWAYS = Calendar("always", "Asia/Karachi", tuple(Window(day, 0, 1440) for day in range(7)))
NIGHTS = Calendar(
    "nights", "Europe/Brussels", tuple(Window(day, 22 * 60, 30 * 60) for day in range(5))
)


NAIVE = datetime.fromisoformat("2026-03-09T08:00")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_window_includes_its_start_and_excludes_its_end() -> None:
    assert OFFICE.is_open(utc("2026-03-09T04:00"))
    assert OFFICE.is_open(utc("2026-03-09T12:59:59.999999"))
    assert not OFFICE.is_open(utc("2026-03-09T13:00"))
    assert not OFFICE.is_open(utc("2026-03-09T03:59:59.999999"))


def test_an_open_instant_is_its_own_next_opening() -> None:
    assert OFFICE.next_opening(utc("2026-03-09T05:00")) == utc("2026-03-09T05:00")


def test_the_next_opening_skips_the_weekend() -> None:
    assert OFFICE.next_opening(utc("2026-03-13T13:00")) == utc("2026-03-16T04:00")


def test_the_opening_after_an_instant_in_any_zone_is_in_utc() -> None:
    karachi = timezone(timedelta(hours=5))
    opening = OFFICE.next_opening(datetime(2026, 3, 9, 8, 0, tzinfo=karachi))
    assert opening == utc("2026-03-09T04:00")
    assert opening.tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive time"):
        OFFICE.is_open(NAIVE)
    with pytest.raises(ValueError, match="naive time"):
        OFFICE.next_opening(NAIVE)


def test_round_the_clock_windows_leave_no_gap_at_midnight() -> None:
    assert ALWAYS.is_open(utc("2026-03-09T19:00"))
    assert ALWAYS.next_opening(utc("2026-03-09T18:59:59.999999")) == utc(
        "2026-03-09T18:59:59.999999"
    )


def test_a_window_over_midnight_belongs_to_the_date_of_its_start() -> None:
    (friday,) = NIGHTS.windows_on(date(2026, 3, 13))
    assert friday == (utc("2026-03-13T21:00"), utc("2026-03-14T05:00"))
    assert NIGHTS.windows_on(date(2026, 3, 14)) == ()
    assert NIGHTS.is_open(utc("2026-03-14T04:59"))


def test_a_holiday_closes_its_whole_date_and_the_rest_of_the_previous_night() -> None:
    calendar = Calendar(
        "nights", "Europe/Brussels", NIGHTS.windows, extra_closed=((date(2026, 3, 11), "Fair"),)
    )
    assert calendar.windows_on(date(2026, 3, 10)) == (
        (utc("2026-03-10T21:00"), utc("2026-03-10T23:00")),
    )
    assert not calendar.is_open(utc("2026-03-10T23:00"))
    assert calendar.next_opening(utc("2026-03-10T23:00")) == utc("2026-03-11T23:00")


def test_a_night_that_begins_on_a_holiday_is_covered_after_the_holidays_midnight() -> None:
    """ "A holiday closes its whole local date, 00:00-24:00"."""
    calendar = Calendar(
        "nights", "Europe/Brussels", NIGHTS.windows, extra_closed=((date(2026, 3, 11), "Fair"),)
    )
    assert not calendar.is_open(utc("2026-03-11T22:59:59"))
    assert calendar.is_open(utc("2026-03-11T23:00"))
    assert calendar.is_open(utc("2026-03-12T04:59"))
    assert not calendar.is_business_day(date(2026, 3, 11))


def test_special_hours_replace_a_dates_windows_and_make_it_a_business_day() -> None:
    """Covers a working Saturday, a short Monday, and a holiday with work in the morning."""
    calendar = Calendar(
        "own",
        "Asia/Karachi",
        OFFICE.windows,
        PAKISTAN,
        extra_windows=(
            (date(2026, 5, 2), Window(5, 9 * 60, 13 * 60)),
            (date(2026, 5, 4), Window(0, 10 * 60, 11 * 60)),
            (date(2026, 5, 4), Window(0, 15 * 60, 16 * 60)),
            (date(2026, 8, 14), Window(4, 9 * 60, 12 * 60)),
        ),
    )
    assert calendar.windows_on(date(2026, 5, 2)) == (
        (utc("2026-05-02T04:00"), utc("2026-05-02T08:00")),
    )
    assert list(islice(calendar.business_days_after(date(2026, 4, 30)), 2)) == [
        date(2026, 5, 2),  # Friday 1 May is a holiday
        date(2026, 5, 4),
    ]
    assert not calendar.is_open(utc("2026-05-04T07:00"))
    assert calendar.next_opening(utc("2026-05-04T06:00")) == utc("2026-05-04T10:00")
    assert calendar.closed_for(date(2026, 8, 14)) is None
    assert calendar.holiday_on(date(2026, 8, 14)) == "Independence Day"
    assert calendar.is_open(utc("2026-08-14T06:59"))
    assert not calendar.is_open(utc("2026-08-14T07:00"))


def test_holidays_can_be_ignored() -> None:
    independence_day = utc("2026-08-14T05:00")
    assert not OFFICE.is_open(independence_day)
    assert Calendar("ignoring", "Asia/Karachi", OFFICE.windows).is_open(independence_day)


def test_an_operator_can_close_a_date_and_open_a_holiday() -> None:
    calendar = Calendar(
        "corrected",
        "Asia/Karachi",
        OFFICE.windows,
        PAKISTAN,
        extra_closed=((date(2026, 8, 13), "Stocktaking"),),
        extra_open=frozenset({date(2026, 8, 14)}),
    )
    assert calendar.closed_for(date(2026, 8, 13)) == "Stocktaking"
    assert not calendar.is_business_day(date(2026, 8, 13))
    assert calendar.closed_for(date(2026, 8, 14)) is None
    assert calendar.is_open(utc("2026-08-14T05:00"))


def test_a_business_day_is_a_date_on_which_a_window_starts() -> None:
    assert OFFICE.is_business_day(date(2026, 8, 13))
    assert not OFFICE.is_business_day(date(2026, 8, 14))  # Independence Day
    assert not OFFICE.is_business_day(date(2026, 8, 15))
    assert list(islice(OFFICE.business_days_after(date(2026, 8, 13)), 2)) == [
        date(2026, 8, 17),
        date(2026, 8, 18),
    ]


def test_an_opening_time_skipped_by_a_clock_change_moves_forward_by_the_gap() -> None:
    """RFC 5545, 3.3.5: a skipped time uses the offset before the gap.

    Here 02:30 on 29 March 2026.
    """
    calendar = Calendar("early", "Europe/Brussels", (Window(6, 150, 300),))
    assert calendar.windows_on(date(2026, 3, 29)) == (
        (utc("2026-03-29T01:30"), utc("2026-03-29T03:00")),
    )


def test_an_opening_time_that_occurs_twice_is_the_first_occurrence() -> None:
    """02:30 occurs twice on 25 October 2026: at 00:30 and at 01:30 UTC."""
    calendar = Calendar("early", "Europe/Brussels", (Window(6, 150, 300),))
    assert calendar.windows_on(date(2026, 10, 25)) == (
        (utc("2026-10-25T00:30"), utc("2026-10-25T04:00")),
    )


def test_lord_howe_changes_its_clocks_by_half_an_hour() -> None:
    calendar = Calendar("early", "Australia/Lord_Howe", (Window(6, 135, 180),))
    assert calendar.windows_on(date(2026, 10, 4)) == (
        (utc("2026-10-03T15:45"), utc("2026-10-03T16:00")),
    )


def test_a_closing_time_moved_past_midnight_extends_coverage_into_the_next_date() -> None:
    """23:30 on Saturday 28 March 2026 does not exist in Nuuk; the instant is 00:30 on Sunday."""
    calendar = Calendar("long", "America/Nuuk", (Window(4, 1410, 2850),))
    sunday = utc("2026-03-29T01:20")
    assert calendar.local(sunday).strftime("%a %H:%M") == "Sun 00:20"
    assert calendar.is_open(sunday)
    closed = Calendar(
        "long", "America/Nuuk", calendar.windows, extra_closed=((date(2026, 3, 29), "Sunday"),)
    )
    assert not closed.is_open(sunday)


def test_a_date_that_occurs_twice_begins_at_its_first_midnight() -> None:
    """St John's went back from 00:01 to 23:01 on 7 November 2010, so Saturday occurred twice."""
    sundays = Calendar("sundays", "America/St_Johns", (Window(6, 0, 1440),))
    again = utc("2010-11-07T03:00")
    assert sundays.local(again).strftime("%a %H:%M") == "Sat 23:30"
    assert sundays.is_open(again)


def test_a_calendar_that_never_opens_raises_instead_of_searching_forever() -> None:
    never = Calendar("never", "Europe/Brussels", ())
    with pytest.raises(NeverOpensError) as caught:
        never.next_opening(utc("2026-03-09T05:00"))
    assert "'never' does not open in the three years after" in sentence_of(caught.value)
    with pytest.raises(NeverOpensError) as caught:
        next(never.business_days_after(date(2026, 3, 9)))
    assert "give it a window" in sentence_of(caught.value)


def test_the_cache_of_days_is_bounded() -> None:
    calendar = Calendar("office", "Asia/Karachi", OFFICE.windows)
    days = calendar.business_days_after(date(1990, 1, 1))
    assert sum(1 for _ in islice(days, 10_000)) == 10_000
    assert len(calendar._windows_by_date) <= 4096  # the private cache is the test's subject


def test_equal_calendars_are_equal_whatever_their_caches_hold() -> None:
    other = Calendar("office", "Asia/Karachi", OFFICE.windows, PAKISTAN)
    OFFICE.is_open(utc("2026-03-09T05:00"))
    assert other == OFFICE
    assert hash(other) == hash(OFFICE)
