"""What another severity makes of a clock: one that it had from the start, and one from now."""

import pytest

from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.clocks.measured_spans import ClockEventKind
from bot.domain.sla.clocks.sla_clock import clocks_of
from bot.domain.sla.targets.target import ClockTime, CoveredTime, NoClock
from tests.negotiated import (
    ALWAYS,
    HOUR,
    OFFICE,
    RESPONSES,
    STANDS,
    WORDS,
    clock,
    due,
    march,
    negotiated,
    state,
    then,
    triaged,
)

# Severity from the start


def test_the_clients_severity_holds_until_staff_decide() -> None:
    proposed = triaged("2 10:00", "critical")
    assert due("first_response:1", proposed) == march("2 12:00")
    assert due("first_response:1", proposed, triaged("2 10:20", "high")) == march("2 14:00")


def test_severity_counts_from_the_start_by_default() -> None:
    found = clock("first_response:1", triaged("2 10:00", "low"), triaged("2 13:00", "critical"))
    assert found.deadline.starts_at == march("2 10:00")
    assert found.deadline.severity == "critical"
    assert state(found, "2 13:00") == (ClockState.BREACHING, march("2 12:00"))


def test_a_severity_from_the_start_that_is_learnt_after_the_answer_still_judges_it() -> None:
    life = then("2 13:00", ClockEventKind.STAFF_WROTE), triaged("2 15:00", "critical")
    found = clock("first_response:1", triaged("2 10:00", "low"), *life)
    assert state(found, "2 15:00") == (ClockState.BREACHED, march("2 12:00"))


def test_raising_moves_no_deadline_later_whatever_the_calendars_say() -> None:
    plan = negotiated({"high": (CoveredTime(HOUR), OFFICE), "low": (ClockTime(HOUR), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 10:10", "high")
    early = then("2 07:00", ClockEventKind.OPENED)  # "high" starts at 09:00 and is due at 10:00
    (found,) = clocks_of(plan, (early, *life))
    assert found.deadline.due_at == march("2 08:00")
    assert found.deadline.severity == "low"
    assert found.deadline.why[-1] == STANDS


def test_lowering_moves_a_deadline_later() -> None:
    life = triaged("2 10:00", "critical"), triaged("2 10:30", "low")
    assert due("first_response:1", *life) == march("3 10:00")
    assert STANDS not in clock("first_response:1", *life).deadline.why


def test_raising_to_a_severity_without_the_metric_leaves_the_deadline_it_had() -> None:
    plan = negotiated(RESPONSES, update={"high": (ClockTime(HOUR), ALWAYS)})
    life = (
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 11:10", "critical"),
    )
    assert due("update:1", *life, plan=plan) == march("2 12:00")


def test_a_later_stretch_runs_under_the_severity_of_its_beginning() -> None:
    life = (
        triaged("2 10:00", "low"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 12:00", "high", from_now=True),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
    )
    assert due("next_response:1", *life) == march("2 16:00")
    assert clock("next_response:1", *life).deadline.starts_at == march("2 12:00")


# Severity from now


def test_from_now_the_target_runs_from_the_change() -> None:
    became = triaged("2 13:00", "critical", from_now=True)
    found = clock("first_response:1", triaged("2 10:00", "low"), became)
    assert found.deadline.starts_at == march("2 13:00")
    assert found.deadline.due_at == march("2 15:00")
    assert found.deadline.severity == "critical"


def test_from_now_a_deadline_is_never_later_than_it_was() -> None:
    became = triaged("2 13:00", "critical", from_now=True)  # would be due at 15:00
    found = clock("first_response:1", triaged("2 10:00", "high"), became)
    assert found.deadline.due_at == found.deadline.breach_at == march("2 14:00")
    assert found.deadline.severity == "high"
    assert found.deadline.why[-1] == STANDS


def test_what_becomes_less_severe_keeps_the_deadline_it_had() -> None:
    life = triaged("2 10:00", "critical"), triaged("2 11:00", "low", from_now=True)
    assert due("first_response:1", *life) == march("2 12:00")


def test_what_had_no_clock_has_one_from_the_change_on() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 13:00", "high", from_now=True)
    assert due("first_response:1", *life, plan=plan) == march("2 14:00")


def test_from_words_to_words_it_is_the_words_of_the_newer_severity() -> None:
    plan = negotiated({"high": (WORDS, ALWAYS), "low": (NoClock("some day"), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 13:00", "high", from_now=True)
    found = clock("first_response:1", *life, plan=plan)
    assert found.deadline.severity == "high"
    assert STANDS not in found.deadline.why


def test_what_becomes_words_from_now_keeps_the_deadline_it_had() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    life = triaged("2 10:00", "high"), triaged("2 10:30", "low", from_now=True)
    assert due("first_response:1", *life, plan=plan) == march("2 11:00")


def test_of_two_severities_that_are_due_together_the_newer_is_shown() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (ClockTime(2 * HOUR), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 11:00", "high", from_now=True)
    found = clock("first_response:1", *life, plan=plan)
    assert (found.deadline.due_at, found.deadline.severity) == (march("2 12:00"), "high")


@pytest.mark.parametrize("changed", ["2 12:30", "2 13:00"])
def test_what_becomes_more_severe_once_it_is_answered_changes_nothing(changed: str) -> None:
    life = triaged("2 10:00", "low"), then("2 12:30", ClockEventKind.STAFF_WROTE)
    became = triaged(changed, "critical", from_now=True)
    before = clock("first_response:1", *life)
    assert clock("first_response:1", *life, became) == before


def test_a_deadline_that_is_past_is_one_breach_from_its_own_instant() -> None:
    became = triaged("2 16:00", "critical", from_now=True)
    found = clock("first_response:1", triaged("2 10:00", "high"), became)
    assert state(found, "2 16:00") == (ClockState.BREACHING, march("2 14:00"))


def test_from_now_compares_the_deadlines_with_their_pauses_in_them() -> None:
    """Low has until Monday 9 March 10:00 and two days of waiting, so Wednesday; high would have
    16 hours of Friday's office and the next, from 10:00: until Tuesday 10 March 10:00."""
    life = (
        triaged("2 10:00", "low"),
        then("3 10:00", ClockEventKind.WAITING),
        then("5 10:00", ClockEventKind.CLIENT_WROTE),
        triaged("6 10:00", "high", from_now=True),
    )
    assert due("resolution:1", *life[:3]) == march("11 10:00")
    assert due("resolution:1", *life) == march("10 10:00")


def test_from_now_a_pause_that_only_the_new_target_feels_moves_nothing_later() -> None:
    """Over the weekend the office loses nothing; 24 hours of clock time would lose two days."""
    plan = negotiated(
        RESPONSES,
        resolution={
            "critical": (ClockTime(24 * HOUR), ALWAYS),
            "high": (CoveredTime(16 * HOUR), OFFICE),
        },
    )
    life = (
        then("5 17:00", ClockEventKind.OPENED),  # Thursday, when the office closes
        triaged("5 17:00", "high"),
        triaged("6 16:00", "critical", from_now=True),
        then("6 17:00", ClockEventKind.WAITING),
        then("9 09:00", ClockEventKind.CLIENT_WROTE),
    )
    found = clocks_of(plan, life)[1]
    assert found.deadline.due_at == march("9 17:00")
    assert found.deadline.severity == "high"


def test_of_two_severities_that_wait_the_newer_is_shown() -> None:
    life = (
        triaged("2 10:00", "low"),
        triaged("2 11:00", "high", from_now=True),
        then("2 12:00", ClockEventKind.WAITING),
    )
    found = clock("resolution:1", *life)
    assert (found.paused, found.deadline.severity) == (True, "high")
