"""Tests of the sentences that explain a due time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.agreements.plan import Plan, Quota
from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.reasons import EarliestKept, NoSeverityHasClock, NoTarget, NotExtended
from bot.domain.sla.targets.due_time import due_time
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.sla_target import Severity, SlaTarget
from bot.domain.sla.targets.target import BusinessDays, ClockTime, CoveredTime, NoClock, Target
from bot.views.sla.calendar_words import (
    calendar_words,
    instant_words,
    length_words,
    weekdays_words,
)
from bot.views.sla.explanation_words import explanation_sentences
from bot.views.sla.target_words import sla_target_words

HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def explanation(catalog: str, plan: str, severity: str, opened_at: str) -> tuple[str, ...]:
    result = due_time(load_catalog(catalog).plans[plan], severity, utc(opened_at))
    return explanation_sentences(result.why)


def explanation_of(target: Target, calendar: Calendar, opened_at: str) -> tuple[str, ...]:
    return explanation_sentences(due_time(plan_of(target, calendar), "high", utc(opened_at)).why)


def plan_of(target: Target, calendar: Calendar) -> Plan:
    sla_targets = (SlaTarget(Severity("high", "High", "x"), target, calendar, {}),)
    return Plan(
        catalog="test",
        id="test",
        name="Test",
        rank=1,
        zone=calendar.zone,
        price=None,
        sla_targets=sla_targets,
        quota=Quota(None, None),
        channels=("slack",),
        where_to_write="Here.",
        named_engineer=False,
        categories=(),
        covers=(),
        further={Metric.UPDATE: sla_targets},
    )


def test_an_immediate_start_is_explained() -> None:
    assert explanation("ecosire", "standard", "critical", "2026-03-09T05:00") == (
        "Standard, Critical: first response within 4 hours; coverage Mon–Sat 08:00–22:00, "
        "Asia/Karachi, closed on public holidays (PK).",
        "Opened Mon 9 Mar 2026, 10:00 in Asia/Karachi.",
        "That is within coverage, so the clock starts at once.",
        "It runs for 4 hours of clock time, also after coverage closes.",
        "Due Mon 9 Mar 2026, 14:00 in Asia/Karachi, which is Mon 9 Mar 2026, 09:00 UTC.",
    )


def test_a_later_start_names_the_closing_time_and_the_days_without_coverage() -> None:
    assert explanation("ecosire", "standard", "critical", "2026-03-14T17:00")[1:4] == (
        "Opened Sat 14 Mar 2026, 22:00 in Asia/Karachi.",
        "Coverage closed Sat 14 Mar 2026, 22:00.",
        "Sunday is not covered (Sun 15 Mar 2026).",
    )


def test_a_later_start_on_the_same_day_says_that_coverage_has_not_opened() -> None:
    assert explanation("ecosire", "included", "medium", "2026-03-09T03:15")[2:4] == (
        "Coverage on Mon 9 Mar 2026 has not opened yet.",
        "The clock starts at the next opening, Mon 9 Mar 2026, 09:00.",
    )


def test_a_holiday_is_named() -> None:
    sentences = explanation("ecosire", "priority", "critical", "2026-08-14T05:00")
    assert sentences[2] == "Fri 14 Aug 2026 is closed for Independence Day."
    assert sentences[3] == "The clock starts at the next opening, Sat 15 Aug 2026, 00:00."


def test_a_target_that_depends_on_the_weekday_names_its_weekday() -> None:
    sentences = explanation("ecosire", "priority", "critical", "2026-03-15T18:30")
    assert "within 2 hours (4 hours on Sat and Sun)" in sentences[0]
    assert sentences[3] == "For a clock that starts on a Sunday the target is 4 hours."
    assert sentences[4] == "It runs for 4 hours of clock time, also after coverage closes."


def test_business_days_name_each_skipped_date() -> None:
    assert explanation("ecosire", "included", "low", "2026-08-13T10:00")[3:] == (
        "Fri 14 Aug 2026 is closed for Independence Day.",
        "Saturday and Sunday are not covered (Sat 15 Aug 2026 and Sun 16 Aug 2026).",
        "1 business day on from Thu 13 Aug 2026 is Mon 17 Aug 2026, at the same time of day.",
        "Due Mon 17 Aug 2026, 15:00 in Asia/Karachi, which is Mon 17 Aug 2026, 10:00 UTC.",
    )


def test_a_clamped_time_says_why_the_time_of_day_differs() -> None:
    calendar = Calendar("short", "Europe/Brussels", (Window(0, 480, 1020), Window(1, 480, 720)))
    assert explanation_of(BusinessDays(1), calendar, "2026-03-09T15:00")[3] == (
        "1 business day on from Mon 9 Mar 2026 the clock in Europe/Brussels does not show 16:00 "
        "within coverage, so it is Tue 10 Mar 2026, 12:00."
    )


def test_next_business_day_names_each_skipped_day_once() -> None:
    assert explanation("ecotone", "support-agreement", "p1", "2026-03-13T19:00")[2:] == (
        "Coverage closed Fri 13 Mar 2026, 17:00.",
        "Saturday and Sunday are not covered (Sat 14 Mar 2026 and Sun 15 Mar 2026).",
        "The clock starts at the next opening, Mon 16 Mar 2026, 09:00.",
        "The first business day after Fri 13 Mar 2026 is Mon 16 Mar 2026, "
        "which closes Mon 16 Mar 2026, 17:00.",
        "Due Mon 16 Mar 2026, 17:00 in Europe/Brussels, which is Mon 16 Mar 2026, 16:00 UTC.",
    )


def test_covered_time_names_each_jump() -> None:
    calendar = Calendar(
        "office",
        "Europe/Brussels",
        tuple(Window(day, 540, 1020) for day in range(5)),
        extra_closed=((date(2026, 3, 10), "the Fair"),),
    )
    assert explanation_of(CoveredTime(4 * HOUR), calendar, "2026-03-09T14:00")[3:] == (
        "By Mon 9 Mar 2026, 17:00, 2 hours have passed.",
        "Coverage closed Mon 9 Mar 2026, 17:00.",
        "Tue 10 Mar 2026 is closed for the Fair.",
        "It goes on Wed 11 Mar 2026, 09:00.",
        "That makes 4 hours of covered time.",
        "Due Wed 11 Mar 2026, 11:00 in Europe/Brussels, which is Wed 11 Mar 2026, 10:00 UTC.",
    )


def test_singular_and_plural_hours_are_written_correctly() -> None:
    calendar = Calendar("short", "Europe/Brussels", (Window(0, 540, 600), Window(1, 540, 600)))
    sentences = explanation_of(CoveredTime(3 * HOUR), calendar, "2026-03-09T07:00")
    assert sentences[4] == "By Mon 9 Mar 2026, 10:00, 1 hour has passed."
    assert sentences[7] == "By Tue 10 Mar 2026, 10:00, 2 hours have passed."


def test_a_midday_break_is_a_jump_that_names_its_closing_time() -> None:
    windows = (Window(0, 540, 720), Window(0, 780, 1020))
    calendar = Calendar("lunch", "Europe/Brussels", windows)
    assert explanation_of(CoveredTime(4 * HOUR), calendar, "2026-03-09T08:00")[3:6] == (
        "By Mon 9 Mar 2026, 12:00, 3 hours have passed.",
        "Coverage closed Mon 9 Mar 2026, 12:00.",
        "It goes on Mon 9 Mar 2026, 13:00.",
    )


def test_the_end_of_a_month_is_no_jump() -> None:
    always = Calendar("always", "Asia/Karachi", tuple(Window(day, 0, 1440) for day in range(7)))
    sentences = explanation_of(CoveredTime(100 * HOUR), always, "2026-03-30T05:00")
    assert len(sentences) == 5
    assert sentences[3] == "That makes 100 hours of covered time."


def test_elapsed_time_skips_nothing() -> None:
    """Elapsed time runs through the night and the holiday, so neither is a reason."""
    sentences = explanation("ecosire", "standard", "high", "2026-08-13T16:30")
    assert len(sentences) == 5
    assert not any("Independence" in sentence for sentence in sentences)


def test_a_night_window_names_its_closing_time() -> None:
    nights = Calendar("nights", "Europe/Brussels", tuple(Window(d, 1320, 1800) for d in range(5)))
    assert explanation_of(ClockTime(HOUR), nights, "2026-03-14T06:00")[2:4] == (
        "Coverage closed Sat 14 Mar 2026, 06:00.",
        "Sunday is not covered (Sun 15 Mar 2026).",
    )
    assert explanation_of(ClockTime(HOUR), nights, "2026-03-11T06:00")[2:4] == (
        "Coverage closed Wed 11 Mar 2026, 06:00.",
        "The clock starts at the next opening, Wed 11 Mar 2026, 22:00.",
    )


def test_an_additional_open_date_is_named() -> None:
    calendar = Calendar(
        "office",
        "Asia/Karachi",
        tuple(Window(day, 540, 1080) for day in range(5)),
        HolidayCalendar("PK"),
        extra_open=frozenset({date(2026, 5, 1)}),
        extra_windows=(
            (date(2026, 5, 2), Window(5, 540, 720)),
            (date(2026, 5, 2), Window(5, 780, 900)),
        ),
    )
    assert explanation_of(BusinessDays(2), calendar, "2026-04-30T05:00")[2:] == (
        "Fri 1 May 2026 is not closed for Labor Day.",
        "Sat 2 May 2026 has hours of its own: 09:00–12:00, 13:00–15:00.",
        "That is within coverage, so the clock starts at once.",
        "2 business days on from Thu 30 Apr 2026 is Sat 2 May 2026, at the same time of day.",
        "Due Sat 2 May 2026, 10:00 in Asia/Karachi, which is Sat 2 May 2026, 05:00 UTC.",
    )


def test_a_closing_time_is_named_though_a_new_month_began_in_utc() -> None:
    """04:00 on 1 April in Karachi is 23:00 on 31 March in UTC."""
    nights = Calendar("nights", "Asia/Karachi", tuple(Window(day, 1320, 1680) for day in range(7)))
    assert explanation_of(ClockTime(HOUR), nights, "2026-04-01T01:00")[2] == (
        "Coverage closed Wed 1 Apr 2026, 04:00."
    )


def test_elapsed_time_does_not_mention_closed_dates() -> None:
    calendar = Calendar(
        "office",
        "Asia/Karachi",
        tuple(Window(day, 540, 1080) for day in range(5)),
        extra_windows=((date(2026, 5, 2), Window(5, 540, 720)),),
    )
    assert len(explanation_of(ClockTime(24 * HOUR), calendar, "2026-05-01T05:00")) == 5


def test_another_metric_than_first_response_is_named() -> None:
    calendar = Calendar("always", "UTC", tuple(Window(day, 0, 1440) for day in range(7)))
    plan = plan_of(ClockTime(HOUR), calendar)
    result = due_time(plan, "high", utc("2026-03-09T05:00"), Metric.UPDATE)
    assert explanation_sentences(result.why)[:2] == (
        "Test, High: update within 1 hour; coverage round the clock, UTC.",
        "Counted from Mon 9 Mar 2026, 05:00 in UTC.",
    )
    words = plan_of(NoClock("As capacity allows"), calendar)
    due = due_time(words, "high", utc("2026-03-09T05:00"), Metric.UPDATE)
    assert explanation_sentences(due.why) == (
        "Test, High: update, As capacity allows.",
        "This promise has no clock: nothing is due and nothing can be late.",
    )
    with pytest.raises(KeyError):
        due_time(plan, "high", utc("2026-03-09T05:00"), Metric.RESOLUTION)


def test_a_target_of_several_months_limits_the_number_of_jumps() -> None:
    calendar = Calendar(
        "office", "Europe/Brussels", tuple(Window(day, 540, 1020) for day in range(5))
    )
    sentences = explanation_of(CoveredTime(1000 * HOUR), calendar, "2026-03-09T14:00")
    assert len(sentences) < 40
    assert "And so on, until all of it has passed." in sentences


def test_a_closure_of_several_months_is_one_sentence() -> None:
    calendar = Calendar(
        "office",
        "Europe/Brussels",
        tuple(Window(day, 540, 1020) for day in range(7)),
        extra_closed=tuple((date(2026, 3, 1) + timedelta(days=day), "Move") for day in range(90)),
    )
    sentences = explanation_of(ClockTime(HOUR), calendar, "2026-03-09T14:00")
    assert sentences[2] == "Mon 9 Mar 2026 to Fri 29 May 2026 are closed for Move."


def test_consecutive_holidays_are_listed_by_name() -> None:
    sentences = explanation("ecosire", "included", "low", "2026-05-27T05:00")
    assert sentences[2:4] == (
        "Wed 27 May 2026 is closed for Eid al-Adha.",
        "Thu 28 May 2026 is closed for Eid al-Adha; Youm-e-Takbeer.",
    )


def test_business_days_over_several_months_do_not_list_every_weekday() -> None:
    calendar = Calendar(
        "office", "Europe/Brussels", tuple(Window(day, 540, 1020) for day in range(5))
    )
    sentences = explanation_of(BusinessDays(100), calendar, "2026-03-09T14:00")
    assert len(sentences) == 14
    assert "And so on, 12 times more." in sentences


def test_a_promise_in_words_is_quoted() -> None:
    assert explanation("ecotone", "support-agreement", "p3", "2026-03-09T09:00") == (
        "Support Agreement, P3 · Minor: Scheduled into a release.",
        "This promise has no clock: nothing is due and nothing can be late.",
    )


def test_seconds_are_shown_only_if_not_zero() -> None:
    assert instant_words(utc("2026-03-09T05:00:07")) == "Mon 9 Mar 2026, 05:00:07"
    assert instant_words(utc("2026-03-09T05:00")) == "Mon 9 Mar 2026, 05:00"


def test_durations_are_written_in_words() -> None:
    lengths = [timedelta(hours=1), timedelta(minutes=90), timedelta(days=2), timedelta(seconds=5)]
    assert [length_words(length) for length in lengths] == [
        "1 hour",
        "1 hour 30 minutes",
        "48 hours",
        "5 seconds",
    ]


def test_consecutive_weekdays_are_joined() -> None:
    assert weekdays_words([0, 1, 2, 3, 4]) == "Mon–Fri"
    assert weekdays_words([6, 5]) == "Sat and Sun"
    assert weekdays_words([0, 2, 4]) == "Mon, Wed and Fri"
    assert weekdays_words([0, 1, 2, 5]) == "Mon–Wed and Sat"
    assert weekdays_words([3]) == "Thu"


def test_a_calendar_of_several_windows_is_listed_in_order() -> None:
    calendar = Calendar(
        "x",
        "Europe/Paris",
        (Window(5, 600, 1440), Window(0, 780, 1080), Window(0, 540, 720), Window(4, 1320, 1800)),
    )
    assert calendar_words(calendar) == (
        "Mon 09:00–12:00; Mon 13:00–18:00; Fri 22:00–06:00; Sat 10:00–24:00, Europe/Paris"
    )


def test_weekdays_with_the_same_target_are_named_together() -> None:
    calendar = Calendar("x", "Europe/Paris", (Window(0, 0, 1440),))
    sla_target = SlaTarget(
        Severity("x", "X", "x"),
        ClockTime(2 * HOUR),
        calendar,
        {6: ClockTime(4 * HOUR), 5: ClockTime(4 * HOUR), 4: BusinessDays(1)},
    )
    assert sla_target_words(sla_target) == (
        "2 hours (4 hours on Sat and Sun, 1 business day on Fri)"
    )


def test_a_ticket_without_a_severity_has_the_earliest_clock_or_none() -> None:
    severity = Severity("high", "High", "x")
    reasons = (EarliestKept(severity), NoSeverityHasClock(), NotExtended(), NoTarget(Metric.UPDATE))
    assert explanation_sentences(reasons) == (
        "No severity yet: the plan's earliest clock (High) is kept.",
        "No severity of this plan has a clock.",
        "A deadline never moves later by such a change: the one it had stands.",
        "The plan promises no update for this severity.",
    )


def test_a_deadline_without_reasons_has_no_sentences() -> None:
    assert explanation_sentences(()) == ()
