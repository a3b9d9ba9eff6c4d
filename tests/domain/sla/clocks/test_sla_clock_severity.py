"""Tests of a severity change that applies from the start or from now."""

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

# From the start


def test_the_clients_severity_applies_until_staff_decide() -> None:
    proposed = triaged("2 10:00", "critical")
    assert due("first_response:1", proposed) == march("2 12:00")
    assert due("first_response:1", proposed, triaged("2 10:20", "high")) == march("2 14:00")


def test_a_severity_applies_from_the_start_by_default() -> None:
    sla_clock = clock("first_response:1", triaged("2 10:00", "low"), triaged("2 13:00", "critical"))
    assert sla_clock.deadline.starts_at == march("2 10:00")
    assert sla_clock.deadline.severity == "critical"
    assert state(sla_clock, "2 13:00") == (ClockState.BREACHING, march("2 12:00"))


def test_a_severity_from_the_start_set_after_the_response_still_judges_it() -> None:
    life = then("2 13:00", ClockEventKind.STAFF_WROTE), triaged("2 15:00", "critical")
    sla_clock = clock("first_response:1", triaged("2 10:00", "low"), *life)
    assert state(sla_clock, "2 15:00") == (ClockState.BREACHED, march("2 12:00"))


def test_raising_the_severity_makes_no_deadline_later_whatever_the_calendars() -> None:
    plan = negotiated({"high": (CoveredTime(HOUR), OFFICE), "low": (ClockTime(HOUR), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 10:10", "high")
    early = then("2 07:00", ClockEventKind.OPENED)  # "high" starts at 09:00 and is due at 10:00
    (sla_clock,) = clocks_of(plan, (early, *life))
    assert sla_clock.deadline.due_at == march("2 08:00")
    assert sla_clock.deadline.severity == "low"
    assert sla_clock.deadline.why[-1] == STANDS


def test_lowering_the_severity_makes_a_deadline_later() -> None:
    life = triaged("2 10:00", "critical"), triaged("2 10:30", "low")
    assert due("first_response:1", *life) == march("3 10:00")
    assert STANDS not in clock("first_response:1", *life).deadline.why


def test_raising_to_a_severity_without_the_metric_keeps_the_deadline() -> None:
    plan = negotiated(RESPONSES, update={"high": (ClockTime(HOUR), ALWAYS)})
    life = (
        triaged("2 10:00", "high"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 11:10", "critical"),
    )
    assert due("update:1", *life, plan=plan) == march("2 12:00")


def test_a_later_span_uses_the_severity_at_its_beginning() -> None:
    life = (
        triaged("2 10:00", "low"),
        then("2 11:00", ClockEventKind.STAFF_WROTE),
        triaged("2 12:00", "high", from_now=True),
        then("2 12:00", ClockEventKind.CLIENT_WROTE),
    )
    assert due("next_response:1", *life) == march("2 16:00")
    assert clock("next_response:1", *life).deadline.starts_at == march("2 12:00")


# From now


def test_from_now_starts_the_target_at_the_change() -> None:
    became = triaged("2 13:00", "critical", from_now=True)
    sla_clock = clock("first_response:1", triaged("2 10:00", "low"), became)
    assert sla_clock.deadline.starts_at == march("2 13:00")
    assert sla_clock.deadline.due_at == march("2 15:00")
    assert sla_clock.deadline.severity == "critical"


def test_from_now_makes_no_deadline_later() -> None:
    became = triaged("2 13:00", "critical", from_now=True)  # would be due at 15:00
    sla_clock = clock("first_response:1", triaged("2 10:00", "high"), became)
    assert sla_clock.deadline.due_at == sla_clock.deadline.breach_at == march("2 14:00")
    assert sla_clock.deadline.severity == "high"
    assert sla_clock.deadline.why[-1] == STANDS


def test_a_lower_severity_from_now_keeps_the_deadline() -> None:
    life = triaged("2 10:00", "critical"), triaged("2 11:00", "low", from_now=True)
    assert due("first_response:1", *life) == march("2 12:00")


def test_a_ticket_without_a_clock_gets_one_from_the_change_on() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 13:00", "high", from_now=True)
    assert due("first_response:1", *life, plan=plan) == march("2 14:00")


def test_two_promises_in_words_show_the_newer_severity() -> None:
    plan = negotiated({"high": (WORDS, ALWAYS), "low": (NoClock("some day"), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 13:00", "high", from_now=True)
    sla_clock = clock("first_response:1", *life, plan=plan)
    assert sla_clock.deadline.severity == "high"
    assert STANDS not in sla_clock.deadline.why


def test_a_change_from_now_to_a_promise_in_words_keeps_the_deadline() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    life = triaged("2 10:00", "high"), triaged("2 10:30", "low", from_now=True)
    assert due("first_response:1", *life, plan=plan) == march("2 11:00")


def test_the_newer_of_two_severities_due_together_is_shown() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (ClockTime(2 * HOUR), ALWAYS)})
    life = triaged("2 10:00", "low"), triaged("2 11:00", "high", from_now=True)
    sla_clock = clock("first_response:1", *life, plan=plan)
    assert (sla_clock.deadline.due_at, sla_clock.deadline.severity) == (march("2 12:00"), "high")


@pytest.mark.parametrize("changed", ["2 12:30", "2 13:00"])
def test_a_higher_severity_after_the_response_changes_nothing(changed: str) -> None:
    life = triaged("2 10:00", "low"), then("2 12:30", ClockEventKind.STAFF_WROTE)
    became = triaged(changed, "critical", from_now=True)
    before = clock("first_response:1", *life)
    assert clock("first_response:1", *life, became) == before


def test_a_past_deadline_is_a_single_breach_at_its_own_instant() -> None:
    became = triaged("2 16:00", "critical", from_now=True)
    sla_clock = clock("first_response:1", triaged("2 10:00", "high"), became)
    assert state(sla_clock, "2 16:00") == (ClockState.BREACHING, march("2 14:00"))


def test_from_now_compares_deadlines_including_their_pauses() -> None:
    """Low is due on Monday 9 March 10:00 plus two days of waiting, so on Wednesday.

    High would need 16 office hours of Friday and the next day from 10:00, so it is due on Tuesday
    10 March 10:00.
    """
    life = (
        triaged("2 10:00", "low"),
        then("3 10:00", ClockEventKind.WAITING),
        then("5 10:00", ClockEventKind.CLIENT_WROTE),
        triaged("6 10:00", "high", from_now=True),
    )
    assert due("resolution:1", *life[:3]) == march("11 10:00")
    assert due("resolution:1", *life) == march("10 10:00")


def test_from_now_a_pause_that_affects_only_the_new_target_makes_nothing_later() -> None:
    """Over the weekend the office loses nothing; 24 hours of elapsed time would lose two days."""
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
    sla_clock = clocks_of(plan, life)[1]
    assert sla_clock.deadline.due_at == march("9 17:00")
    assert sla_clock.deadline.severity == "high"


def test_the_newer_of_two_paused_severities_is_shown() -> None:
    life = (
        triaged("2 10:00", "low"),
        triaged("2 11:00", "high", from_now=True),
        then("2 12:00", ClockEventKind.WAITING),
    )
    sla_clock = clock("resolution:1", *life)
    assert (sla_clock.paused, sla_clock.deadline.severity) == (True, "high")
