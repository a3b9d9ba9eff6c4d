"""Tests of a ticket's SLA clocks: beginning, end and state."""

from itertools import permutations

from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.clocks.measured_spans import ClockEventKind
from bot.domain.sla.clocks.sla_clock import clocks_of
from bot.views.sla.explanation_words import explanation_sentences
from tests.negotiated import (
    OFFICE,
    OPENED,
    PLAN,
    RESPONSES,
    WORDS,
    clock,
    due,
    march,
    negotiated,
    state,
    then,
    triaged,
)


def test_a_ticket_has_its_plans_clocks_and_always_a_first_response() -> None:
    life = OPENED, triaged("2 10:00", "high"), then("2 11:00", ClockEventKind.STAFF_WROTE)
    assert [sla_clock.name for sla_clock in clocks_of(PLAN, life)] == [
        "first_response:1",
        "resolution:1",
        "update:1",
    ]
    assert [sla_clock.name for sla_clock in clocks_of(negotiated(RESPONSES), life)] == [
        "first_response:1"
    ]


def test_the_order_of_the_events_does_not_change_the_clocks() -> None:
    life = (
        OPENED,
        triaged("2 10:30", "low"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 11:30", "high", from_now=True),
        then("2 12:00", ClockEventKind.WAITING),
        then("3 09:00", ClockEventKind.CLIENT_WROTE),
    )
    assert {clocks_of(PLAN, shuffled) for shuffled in permutations(life)} == {clocks_of(PLAN, life)}


def test_a_clock_runs_then_breaches_then_is_breached_and_answered() -> None:
    high = triaged("2 10:00", "high")
    waits = clock("first_response:1", high)
    assert waits.deadline.due_at == march("2 14:00")
    assert waits.runs
    assert state(waits, "2 13:59") == (ClockState.RUNNING, None)
    assert state(waits, "2 14:00") == (ClockState.BREACHING, march("2 14:00"))
    answered = clock("first_response:1", high, then("2 15:00", ClockEventKind.STAFF_WROTE))
    assert not answered.runs
    assert state(answered, "2 20:00") == (ClockState.BREACHED, march("2 14:00"))


def test_a_response_at_the_due_instant_is_in_time() -> None:
    life = triaged("2 10:00", "high"), then("2 14:00", ClockEventKind.STAFF_WROTE)
    assert state(clock("first_response:1", *life), "2 20:00") == (ClockState.MET, None)


def test_a_recorded_breach_stays_whatever_the_events_say_now() -> None:
    lowered = clock("first_response:1", triaged("2 10:00", "low"))
    assert lowered.state(march("2 14:00")) is ClockState.BREACHING
    cancelled = clock("first_response:1", then("2 11:00", ClockEventKind.CANCELLED))
    assert cancelled.state(march("2 10:30")) is ClockState.BREACHED


def test_a_cancelled_ticket_does_not_count_in_the_metrics() -> None:
    sla_clock = clock(
        "first_response:1", triaged("2 10:00", "high"), then("2 11:00", ClockEventKind.CANCELLED)
    )
    assert not sla_clock.runs
    assert state(sla_clock, "9 10:00") == (ClockState.CANCELLED, None)


def test_a_ticket_overdue_before_its_cancellation_is_a_breach_whenever_noticed() -> None:
    sla_clock = clock(
        "first_response:1", triaged("2 10:00", "high"), then("2 16:00", ClockEventKind.CANCELLED)
    )
    assert state(sla_clock, "9 10:00") == (ClockState.BREACHED, sla_clock.deadline.due_at)


def test_a_promise_in_words_is_never_overdue() -> None:
    plan = negotiated({"high": (WORDS, OFFICE), "low": (WORDS, OFFICE)})
    for life in ([], [triaged("2 10:00", "low")]):
        sla_clock = clock("first_response:1", *life, plan=plan)
        assert sla_clock.deadline.starts_at is sla_clock.deadline.due_at is None
        assert not sla_clock.runs
        assert state(sla_clock, "31 10:00") == (ClockState.NONE, None)


def test_waiting_does_not_pause_a_promise_in_words() -> None:
    plan = negotiated({"high": (WORDS, OFFICE)}, resolution={"high": (WORDS, OFFICE)})
    sla_clock = clock(
        "resolution:1",
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.WAITING),
        plan=plan,
    )
    assert not sla_clock.paused
    assert state(sla_clock, "31 10:00") == (ClockState.NONE, None)


def test_a_severity_missing_from_a_metric_has_no_clock() -> None:
    life = triaged("2 10:00", "low"), then("2 11:00", ClockEventKind.STAFF_WROTE)
    sla_clock = clock("update:1", *life)
    assert explanation_sentences(sla_clock.deadline.why) == (
        "The plan promises no update for this severity.",
    )
    assert state(sla_clock, "31 10:00") == (ClockState.NONE, None)


def test_the_next_response_is_due_from_the_unanswered_message() -> None:
    life = (
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 15:00", ClockEventKind.CLIENT_WROTE),
        then("2 16:00", ClockEventKind.CLIENT_WROTE),
    )
    assert due("next_response:1", *life) == march("2 19:00")


def test_a_reopened_ticket_gets_a_next_response_clock_and_resumes_its_resolution_clock() -> None:
    """8 hours from 10:00, of which 2 had passed at the resolution: 6 from 09:00 on Wednesday."""
    life = (
        triaged("2 10:00", "critical"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    assert due("next_response:1", *life) == march("4 11:00")
    assert due("resolution:1", *life) == march("4 15:00")


def test_a_late_resolution_is_overdue_from_the_same_instant_after_reopening() -> None:
    life = (
        triaged("2 10:00", "critical"),
        then("2 19:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    sla_clock = clock("resolution:1", *life)
    assert state(sla_clock, "4 10:00") == (ClockState.BREACHING, march("2 18:00"))
