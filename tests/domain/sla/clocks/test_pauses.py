"""Tests of the time that waiting on the client adds to a deadline."""

from datetime import date, datetime, timedelta

import pytest

from bot.domain.sla.calendars.calendar import Calendar
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.clocks.deadline import ClockState, Deadline, deadline
from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind, Pause, Span
from bot.domain.sla.clocks.pauses import after_pauses
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.target import (
    BusinessDays,
    ClockTime,
    CoveredTime,
    NextBusinessDay,
    Target,
)
from bot.views.sla.explanation_words import explanation_sentences
from tests.negotiated import ALWAYS, HOUR, OFFICE, march, negotiated, then, triaged

KARACHI = Calendar(
    "karachi",
    "Asia/Karachi",
    tuple(Window(day, 9 * 60, 18 * 60) for day in range(5)),
    extra_closed=((date(2026, 3, 4), "Company day"),),
)


def with_pauses(
    target: Target, calendar: Calendar, begin: str, *pauses: tuple[str, str | None]
) -> Deadline:
    """Return the due time of a resolution clock that begins at `begin` and has these pauses."""
    lines = {"high": (target, calendar)}
    plan = negotiated(lines, resolution=lines)
    span = Span(
        Metric.RESOLUTION,
        1,
        march(begin),
        pauses=tuple(Pause(march(a), march(b) if b else None) for a, b in pauses),
    )
    return after_pauses(plan, span, deadline(plan, "high", span.begins_at, Metric.RESOLUTION))


def due(
    target: Target, calendar: Calendar, begin: str, *pauses: tuple[str, str | None]
) -> datetime | None:
    return with_pauses(target, calendar, begin, *pauses).due_at


def test_elapsed_time_stops_for_the_whole_pause_as_it_also_runs_outside_coverage() -> None:
    pause = "2 16:00", "3 10:00"  # 18 hours, of which the office is closed for 16
    assert due(ClockTime(8 * HOUR), OFFICE, "2 10:00", pause) == march("3 12:00")


def test_covered_time_stops_only_for_the_covered_part_of_a_pause() -> None:
    """8 hours from Monday 10:00 are due on Tuesday at 10:00; the pause took 2 covered hours."""
    pause = "2 16:00", "3 10:00"
    assert due(CoveredTime(8 * HOUR), OFFICE, "2 10:00", pause) == march("3 12:00")
    assert due(CoveredTime(7 * HOUR), OFFICE, "2 10:00", ("2 18:00", "3 08:00")) == march("2 17:00")


def test_business_days_move_by_the_covered_part_of_a_pause() -> None:
    """Due on Thursday at 10:00 without the pause, which takes 2 covered hours from Monday 16:00 to
    Tuesday 10:00.
    """
    pause = "2 16:00", "3 10:00"
    assert due(BusinessDays(3), OFFICE, "2 10:00", pause) == march("5 12:00")


def test_a_close_of_business_deadline_moves_into_the_day_after() -> None:
    pause = "2 16:00", "3 10:00"
    assert due(NextBusinessDay(), OFFICE, "2 10:00", pause) == march("4 11:00")


@pytest.mark.parametrize("target", [CoveredTime(9 * HOUR), BusinessDays(1), NextBusinessDay()])
def test_a_pause_over_a_closed_weekend_adds_nothing(target: Target) -> None:
    without = due(target, OFFICE, "6 10:00")
    assert due(target, OFFICE, "6 10:00", ("6 17:00", "9 09:00")) == without
    assert due(target, OFFICE, "6 10:00", ("7 10:00", "8 10:00")) == without


@pytest.mark.parametrize("start", ["2 14:00", "2 14:01"])
@pytest.mark.parametrize("end", ["2 20:00", None])
def test_a_pause_from_the_due_instant_on_changes_nothing(start: str, end: str | None) -> None:
    without = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00")
    assert with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00", (start, end)) == without


def test_a_pause_one_minute_before_the_due_instant_leaves_one_minute() -> None:
    pause = "2 13:59", "3 20:00"
    assert due(ClockTime(4 * HOUR), ALWAYS, "2 10:00", pause) == march("3 20:01")


def test_a_pause_that_ends_before_the_clock_starts_changes_nothing() -> None:
    # A ticket of Saturday; its clock starts on Monday.
    without = with_pauses(ClockTime(4 * HOUR), OFFICE, "7 10:00")
    for pause in (("7 11:00", "8 11:00"), ("7 11:00", "9 09:00")):
        assert with_pauses(ClockTime(4 * HOUR), OFFICE, "7 10:00", pause) == without


def test_only_the_part_of_a_pause_after_the_start_counts() -> None:
    pause = "7 11:00", "9 10:30"  # 09:00 to 10:30 on Monday
    assert due(ClockTime(4 * HOUR), OFFICE, "7 10:00", pause) == march("9 14:30")


def test_an_empty_pause_changes_nothing() -> None:
    without = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00")
    assert with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00", ("2 11:00", "2 11:00")) == without


def test_several_pauses_add_up() -> None:
    """4 hours from 10:00: the second pause begins after 14:00 and before the deadline that the
    first pause produced.
    """
    pauses = ("2 11:00", "2 15:00"), ("2 16:00", "2 17:30")
    assert due(ClockTime(4 * HOUR), ALWAYS, "2 10:00", *pauses) == march("2 19:30")


def test_an_open_pause_leaves_no_due_time_and_no_warning() -> None:
    paused = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00", ("2 11:00", None))
    assert paused.starts_at == march("2 10:00")
    assert (paused.due_at, paused.warn_at, paused.breach_at) == (None, None, None)


def test_the_warning_moves_with_the_due_instant() -> None:
    paused = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00", ("2 11:00", "2 12:30"))
    assert paused.warn_at == march("2 14:30")  # 13:00 and an hour and a half
    assert paused.due_at == paused.breach_at == march("2 15:30")


def test_no_due_time_lies_within_a_pause() -> None:
    """A business day from Friday 07:00 is due at Monday's opening, 10:00.

    With waiting until 20:00 on Monday the seven lost hours would put the due time at Monday's
    close, within the pause.
    """
    mornings = Calendar("mornings", "UTC", (Window(4, 360, 480), Window(0, 600, 1020)))
    assert due(BusinessDays(1), mornings, "6 07:00") == march("9 10:00")
    assert due(BusinessDays(1), mornings, "6 07:00", ("7 10:00", "9 20:00")) == march("9 20:00")


def test_pauses_of_a_span_without_a_clock_change_nothing() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS)}, resolution={})
    span = Span(Metric.RESOLUTION, 1, march("2 10:00"), pauses=(Pause(march("2 10:30"), None),))
    due = deadline(plan, "high", span.begins_at, Metric.RESOLUTION)
    assert after_pauses(plan, span, due) == due


# Explanations


def test_a_pause_is_explained_with_the_time_it_added() -> None:
    """Monday 15:00 to Tuesday 10:00 in Karachi: 3 hours and 1 hour. Wednesday is closed."""
    pause = "2 10:00", "3 05:00"
    paused = with_pauses(CoveredTime(18 * HOUR), KARACHI, "2 05:00", pause)
    assert explanation_sentences(paused.why)[-1] == (
        "Paused from Mon 2 Mar 2026, 15:00 to Tue 3 Mar 2026, 10:00, 4 hours of this clock's time:"
        " it is due Thu 5 Mar 2026, 14:00 instead."
    )
    assert paused.due_at == march("5 09:00")


def test_a_pause_that_added_nothing_is_explained() -> None:
    paused = with_pauses(CoveredTime(9 * HOUR), KARACHI, "3 05:00", ("3 13:00", "5 04:00"))
    assert explanation_sentences(paused.why)[-1] == (
        "Paused from Tue 3 Mar 2026, 18:00 to Thu 5 Mar 2026, 09:00, none of it time of this clock:"
        " it is due when it was."
    )


def test_an_open_pause_is_explained_with_its_start() -> None:
    paused = with_pauses(CoveredTime(9 * HOUR), KARACHI, "3 05:00", ("3 06:00", None))
    assert explanation_sentences(paused.why)[-1] == (
        "Waiting on the client since Tue 3 Mar 2026, 11:00: the clock stands."
    )


def test_each_pause_is_explained_after_the_deadline() -> None:
    without = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00")
    pauses = ("2 11:00", "2 15:00"), ("2 16:00", "2 17:30")
    paused = with_pauses(ClockTime(4 * HOUR), ALWAYS, "2 10:00", *pauses)
    assert paused.why[: len(without.why)] == without.why
    assert [
        sentence[:34] for sentence in explanation_sentences(paused.why[len(without.why) :])
    ] == [
        "Paused from Mon 2 Mar 2026, 11:00 ",
        "Paused from Mon 2 Mar 2026, 16:00 ",
    ]


# Pauses among a ticket's events

RESOLUTION = negotiated(
    {"high": (ClockTime(4 * HOUR), ALWAYS)}, resolution={"high": (ClockTime(4 * HOUR), ALWAYS)}
)


def resolution(*moments: ClockEvent) -> SlaClock:
    life = then("2 10:00", ClockEventKind.OPENED), triaged("2 10:00", "high"), *moments
    return next(
        sla_clock
        for sla_clock in clocks_of(RESOLUTION, life)
        if sla_clock.span.metric is Metric.RESOLUTION
    )


def test_a_clock_can_be_paused_twice() -> None:
    sla_clock = resolution(
        then("2 11:00", ClockEventKind.WAITING),
        then("2 15:00", ClockEventKind.CLIENT_WROTE),
        then("2 16:00", ClockEventKind.WAITING),  # after its earlier due time, 14:00
    )
    assert sla_clock.paused
    assert not sla_clock.runs
    assert sla_clock.broken_at(march("31 10:00")) is None
    assert sla_clock.state(None) is ClockState.PAUSED


def test_waiting_on_the_client_after_the_due_time_leaves_the_ticket_overdue() -> None:
    sla_clock = resolution(then("2 15:00", ClockEventKind.WAITING))
    assert not sla_clock.paused
    assert sla_clock.broken_at(march("2 16:00")) == march("2 14:00")


def test_a_recorded_breach_is_shown_while_waiting_on_the_client() -> None:
    sla_clock = resolution(then("2 11:00", ClockEventKind.WAITING))
    assert sla_clock.state(march("2 10:30")) is ClockState.BREACHING


def test_the_clients_message_restarts_the_clock() -> None:
    sla_clock = resolution(
        then("2 11:00", ClockEventKind.WAITING), then("3 09:00", ClockEventKind.CLIENT_WROTE)
    )
    assert sla_clock.runs
    assert sla_clock.deadline.due_at == march("3 12:00")
    assert sla_clock.deadline.due_at - march("3 09:00") == timedelta(hours=3)
