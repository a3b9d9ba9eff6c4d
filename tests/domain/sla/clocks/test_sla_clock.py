"""The clocks of a ticket: how each begins and ends, and what it says."""

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


def test_a_ticket_has_the_clocks_that_its_plan_has_and_the_first_response_always() -> None:
    life = OPENED, triaged("2 10:00", "high"), then("2 11:00", ClockEventKind.STAFF_WROTE)
    assert [one.name for one in clocks_of(PLAN, life)] == [
        "first_response:1",
        "resolution:1",
        "update:1",
    ]
    assert [one.name for one in clocks_of(negotiated(RESPONSES), life)] == ["first_response:1"]


def test_the_clocks_are_the_same_in_whatever_order_the_moments_come() -> None:
    life = (
        OPENED,
        triaged("2 10:30", "low"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 11:30", "high", from_now=True),
        then("2 12:00", ClockEventKind.WAITING),
        then("3 09:00", ClockEventKind.CLIENT_WROTE),
    )
    assert {clocks_of(PLAN, shuffled) for shuffled in permutations(life)} == {clocks_of(PLAN, life)}


def test_it_runs_then_is_late_then_late_and_answered() -> None:
    high = triaged("2 10:00", "high")
    waits = clock("first_response:1", high)
    assert waits.deadline.due_at == march("2 14:00")
    assert waits.runs
    assert state(waits, "2 13:59") == (ClockState.RUNNING, None)
    assert state(waits, "2 14:00") == (ClockState.BREACHING, march("2 14:00"))
    answered = clock("first_response:1", high, then("2 15:00", ClockEventKind.STAFF_WROTE))
    assert not answered.runs
    assert state(answered, "2 20:00") == (ClockState.BREACHED, march("2 14:00"))


def test_an_answer_at_the_very_instant_that_it_is_due_is_in_time() -> None:
    life = triaged("2 10:00", "high"), then("2 14:00", ClockEventKind.STAFF_WROTE)
    assert state(clock("first_response:1", *life), "2 20:00") == (ClockState.MET, None)


def test_a_breach_on_record_stays_whatever_the_moments_say_now() -> None:
    lowered = clock("first_response:1", triaged("2 10:00", "low"))
    assert lowered.state(march("2 14:00")) is ClockState.BREACHING
    cancelled = clock("first_response:1", then("2 11:00", ClockEventKind.CANCELLED))
    assert cancelled.state(march("2 10:30")) is ClockState.BREACHED


def test_a_cancelled_ticket_is_outside_the_metrics() -> None:
    found = clock(
        "first_response:1", triaged("2 10:00", "high"), then("2 11:00", ClockEventKind.CANCELLED)
    )
    assert not found.runs
    assert state(found, "9 10:00") == (ClockState.CANCELLED, None)


def test_what_was_late_before_it_was_cancelled_is_late_whenever_it_is_noticed() -> None:
    found = clock(
        "first_response:1", triaged("2 10:00", "high"), then("2 16:00", ClockEventKind.CANCELLED)
    )
    assert state(found, "9 10:00") == (ClockState.BREACHED, found.deadline.due_at)


def test_a_promise_in_words_is_never_late() -> None:
    plan = negotiated({"high": (WORDS, OFFICE), "low": (WORDS, OFFICE)})
    for life in ([], [triaged("2 10:00", "low")]):
        found = clock("first_response:1", *life, plan=plan)
        assert found.deadline.starts_at is found.deadline.due_at is None
        assert not found.runs
        assert state(found, "31 10:00") == (ClockState.NONE, None)


def test_waiting_makes_no_pause_of_a_clock_that_is_words() -> None:
    plan = negotiated({"high": (WORDS, OFFICE)}, resolution={"high": (WORDS, OFFICE)})
    found = clock(
        "resolution:1",
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.WAITING),
        plan=plan,
    )
    assert not found.paused
    assert state(found, "31 10:00") == (ClockState.NONE, None)


def test_a_severity_that_the_metric_leaves_out_has_no_clock() -> None:
    life = triaged("2 10:00", "low"), then("2 11:00", ClockEventKind.STAFF_WROTE)
    found = clock("update:1", *life)
    assert explanation_sentences(found.deadline.why) == (
        "The plan promises no update for this severity.",
    )
    assert state(found, "31 10:00") == (ClockState.NONE, None)


def test_the_next_response_is_due_from_the_post_that_waits_for_it() -> None:
    life = (
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 15:00", ClockEventKind.CLIENT_WROTE),
        then("2 16:00", ClockEventKind.CLIENT_WROTE),
    )
    assert due("next_response:1", *life) == march("2 19:00")


def test_a_reopened_ticket_has_a_next_response_and_its_old_resolution() -> None:
    """8 hours from 10:00, of which 2 had passed when it was resolved: 6 from 09:00 on Wednesday."""
    life = (
        triaged("2 10:00", "critical"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        then("2 12:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    assert due("next_response:1", *life) == march("4 11:00")
    assert due("resolution:1", *life) == march("4 15:00")


def test_what_was_resolved_late_is_late_from_the_same_instant_when_it_is_reopened() -> None:
    life = (
        triaged("2 10:00", "critical"),
        then("2 19:00", ClockEventKind.RESOLVED),
        then("4 09:00", ClockEventKind.REOPENED),
    )
    found = clock("resolution:1", *life)
    assert state(found, "4 10:00") == (ClockState.BREACHING, march("2 18:00"))
