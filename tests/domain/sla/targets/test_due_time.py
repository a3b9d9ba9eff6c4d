"""Tests of the due time of a first response."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.agreements.plan import Plan, Quota
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.due_time import DueTime, due_time, earliest_due_time, share_of
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    NoClock,
    Target,
)

HOUR = timedelta(hours=1)
BRUSSELS = Calendar("office", "Europe/Brussels", tuple(Window(day, 540, 1020) for day in range(5)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sla_target(
    target: Target,
    calendar: Calendar = BRUSSELS,
    severity: str = "high",
    by_weekday: Mapping[int, Target] | None = None,
) -> SlaTarget:
    return SlaTarget(Severity(severity, severity.title(), "x"), target, calendar, by_weekday or {})


def plan(*sla_targets: SlaTarget) -> Plan:
    return Plan(
        catalog="test",
        id="test",
        name="Test",
        rank=1,
        zone="Europe/Brussels",
        price=None,
        sla_targets=sla_targets,
        quota=Quota(None, None),
        channels=("slack",),
        where_to_write="Here.",
        named_engineer=False,
        categories=(),
        covers=(),
    )


def due(target: Target, opened_at: str, calendar: Calendar = BRUSSELS) -> datetime | None:
    return due_time(plan(sla_target(target, calendar)), "high", utc(opened_at)).due_at


def test_elapsed_time_runs_outside_coverage_hours() -> None:
    """ "Response time SLAs are measured in clock time, not business hours.\""""
    assert due(ClockTime(4 * HOUR), "2026-03-09T15:30") == utc("2026-03-09T19:30")


def test_elapsed_time_ignores_clock_changes() -> None:
    nights = Calendar("nights", "Europe/Brussels", (Window(6, 0, 1440),))
    assert due(ClockTime(4 * HOUR), "2026-03-28T23:30", nights) == utc("2026-03-29T03:30")


def test_covered_time_stops_overnight() -> None:
    assert due(CoveredTime(4 * HOUR), "2026-03-09T14:00") == utc("2026-03-10T10:00")


def test_covered_time_that_ends_at_closing_time_is_due_at_closing_time() -> None:
    assert due(CoveredTime(2 * HOUR), "2026-03-09T14:00") == utc("2026-03-09T16:00")


def test_covered_time_keeps_microseconds() -> None:
    opened_at = utc("2026-03-09T15:59:59.999999")
    result = due_time(plan(sla_target(CoveredTime(HOUR))), "high", opened_at)
    assert result.due_at == utc("2026-03-10T08:59:59.999999")


def test_business_days_keep_the_local_time_over_a_clock_change() -> None:
    assert due(BusinessDays(1), "2026-03-27T15:00") == utc("2026-03-30T14:00")


def test_business_days_are_counted_from_the_start_not_from_the_opening_of_the_ticket() -> None:
    assert due(BusinessDays(1), "2026-03-14T11:00") == utc("2026-03-17T08:00")


def test_a_local_time_before_the_days_first_window_is_due_at_its_opening() -> None:
    calendar = Calendar("late", "Europe/Brussels", (Window(0, 480, 1020), Window(1, 600, 1020)))
    assert due(BusinessDays(1), "2026-03-09T07:30", calendar) == utc("2026-03-10T09:00")


def test_a_local_time_after_the_days_last_window_is_due_at_its_close() -> None:
    calendar = Calendar("short", "Europe/Brussels", (Window(0, 480, 1020), Window(1, 480, 720)))
    assert due(BusinessDays(1), "2026-03-09T15:00", calendar) == utc("2026-03-10T11:00")


def test_a_local_time_in_the_midday_break_is_due_at_the_close_before_it() -> None:
    """The agreement allows two readings; the earlier due time is safer for the client."""
    calendar = Calendar(
        "break",
        "Europe/Brussels",
        (Window(0, 480, 1020), Window(1, 480, 720), Window(1, 780, 1020)),
    )
    assert due(BusinessDays(1), "2026-03-09T11:30", calendar) == utc("2026-03-10T11:00")


def test_a_local_time_in_the_rest_of_the_previous_night_is_covered() -> None:
    nights = Calendar(
        "nights", "Europe/Brussels", tuple(Window(day, 1320, 1800) for day in range(5))
    )
    assert due(BusinessDays(1), "2026-03-10T01:00", nights) == utc("2026-03-11T01:00")


def test_a_local_time_skipped_by_a_clock_change_moves_forward_by_the_gap() -> None:
    early = Calendar("early", "Europe/Brussels", tuple(Window(day, 0, 1440) for day in range(7)))
    assert due(BusinessDays(1), "2026-03-28T01:30", early) == utc("2026-03-29T01:30")
    assert due(BusinessDays(2), "2026-03-28T01:30", early) == utc("2026-03-30T00:30")


def test_next_business_day_is_due_at_the_close_of_the_first_one_after_opening() -> None:
    assert due(NextBusinessDay(), "2026-03-09T05:00") == utc("2026-03-10T16:00")
    assert due(NextBusinessDay(), "2026-03-09T22:30") == utc("2026-03-10T16:00")
    assert due(NextBusinessDay(), "2026-03-09T23:30") == utc("2026-03-11T16:00")
    assert due(NextBusinessDay(), "2026-03-14T05:00") == utc("2026-03-16T16:00")


def test_a_promise_without_a_clock_has_no_start_and_no_due_time() -> None:
    result = due_time(plan(sla_target(NoClock("Prioritised"))), "high", utc("2026-03-09T05:00"))
    assert (result.starts_at, result.due_at) == (None, None)


def test_the_target_depends_on_the_starts_weekday_in_the_calendars_zone() -> None:
    every_day = Calendar("all", "Asia/Karachi", tuple(Window(day, 0, 1440) for day in range(7)))
    weekend = {5: ClockTime(4 * HOUR), 6: ClockTime(4 * HOUR)}
    weekend_plan = plan(sla_target(ClockTime(2 * HOUR), every_day, by_weekday=weekend))
    friday = due_time(weekend_plan, "high", utc("2026-03-13T18:59:59"))
    saturday = due_time(weekend_plan, "high", utc("2026-03-13T19:00"))
    assert friday.due_at == utc("2026-03-13T20:59:59")
    assert saturday.due_at == utc("2026-03-13T23:00")


def test_a_weekday_can_have_no_clock() -> None:
    every_day = Calendar("all", "Asia/Karachi", tuple(Window(day, 0, 1440) for day in range(7)))
    weekend_plan = plan(
        sla_target(ClockTime(HOUR), every_day, by_weekday={6: NoClock("Best effort")})
    )
    assert due_time(weekend_plan, "high", utc("2026-03-15T05:00")).due_at is None
    assert due_time(weekend_plan, "high", utc("2026-03-16T05:00")).due_at == utc("2026-03-16T06:00")


def test_an_opening_time_in_another_zone_is_converted_to_utc() -> None:
    result = due_time(
        plan(sla_target(ClockTime(HOUR))), "high", datetime.fromisoformat("2026-03-09T10:00+01:00")
    )
    assert result.opened_at == utc("2026-03-09T09:00")
    assert result.opened_at.tzinfo is UTC


def test_a_naive_opening_time_is_refused() -> None:
    naive = utc("2026-03-09T05:00").replace(tzinfo=None)
    for reckon in (
        lambda: due_time(plan(sla_target(ClockTime(HOUR))), "high", naive),
        lambda: due_time(plan(sla_target(NoClock("x"))), "high", naive),
        lambda: earliest_due_time(plan(sla_target(ClockTime(HOUR))), naive),
    ):
        with pytest.raises(ValueError, match="naive time"):
            reckon()


def test_a_severity_missing_from_the_plan_raises_key_error() -> None:
    with pytest.raises(KeyError):
        due_time(plan(sla_target(ClockTime(HOUR))), "p1", utc("2026-03-09T05:00"))


def test_a_plans_earliest_deadline_may_belong_to_a_lower_severity() -> None:
    """Late on a Friday two office hours end later than four hours of the weekend desk."""
    weekend = Calendar("all", "Europe/Brussels", tuple(Window(day, 0, 1440) for day in range(7)))
    two_severities = plan(
        sla_target(ClockTime(2 * HOUR), BRUSSELS, "critical"),
        sla_target(ClockTime(4 * HOUR), weekend, "high"),
        sla_target(NoClock("Some time"), BRUSSELS, "low"),
    )
    opened_at = utc("2026-03-13T18:00")
    assert earliest_due_time(two_severities, opened_at) == (
        "high",
        due_time(two_severities, "high", opened_at),
    )


def test_the_higher_of_two_severities_due_together_is_named() -> None:
    two_severities = plan(
        sla_target(ClockTime(HOUR), severity="a"), sla_target(ClockTime(HOUR), severity="b")
    )
    opened_at = utc("2026-03-13T10:00")
    first = earliest_due_time(two_severities, opened_at)
    assert first is not None
    assert first[0] == "a"


def test_a_plan_without_clocks_has_no_earliest_deadline() -> None:
    plan_in_words = plan(sla_target(NoClock("Some time")))
    assert earliest_due_time(plan_in_words, utc("2026-03-13T18:00")) is None


def test_a_share_is_part_of_the_elapsed_time_from_start_to_due() -> None:
    start = utc("2026-03-09T08:00")
    result = DueTime(start - HOUR, start, start + 4 * HOUR, ())
    assert share_of(result, 75) == start + 3 * HOUR
    assert share_of(result, 0) == start
    assert share_of(result, 100) == result.due_at


def test_a_share_is_rounded_down_to_the_microsecond() -> None:
    start = utc("2026-03-09T08:00")
    result = DueTime(start, start, start + timedelta(microseconds=7), ())
    assert share_of(result, 75) == start + timedelta(microseconds=5)


def test_a_share_of_a_promise_without_a_clock_is_none() -> None:
    assert share_of(DueTime(utc("2026-03-09T08:00"), None, None, ()), 75) is None


def test_adjacent_holidays_are_all_skipped() -> None:
    closed = tuple((date(2026, 3, day), "Fair") for day in (10, 11, 12))
    calendar = Calendar("fair", "Europe/Brussels", BRUSSELS.windows, extra_closed=closed)
    assert due(BusinessDays(1), "2026-03-09T10:00", calendar) == utc("2026-03-13T10:00")
    assert due(CoveredTime(8 * HOUR), "2026-03-09T15:00", calendar) == utc("2026-03-13T15:00")
