"""The clocks of a ticket before it has a severity, and what the first one makes of them."""

from dataclasses import replace

import pytest

from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.clocks.measured_spans import ClockEventKind
from bot.domain.sla.clocks.sla_clock import clocks_of
from bot.domain.sla.targets.target import ClockTime, CoveredTime
from tests.negotiated import (
    ALWAYS,
    HOUR,
    OFFICE,
    RESPONSES,
    WORDS,
    Lines,
    clock,
    march,
    negotiated,
    state,
    then,
    triaged,
)


def test_untriaged_the_earliest_clock_is_due_and_only_the_last_is_a_breach() -> None:
    found = clock("first_response:1")
    assert found.deadline.due_at == march("2 12:00")
    assert found.deadline.severity == "critical"
    assert state(found, "3 09:59") == (ClockState.RUNNING, None)
    assert state(found, "3 10:00") == (ClockState.BREACHING, march("3 10:00"))


def test_untriaged_no_breach_is_invented_where_some_severity_has_no_clock() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    found = clock("first_response:1", plan=plan)
    assert found.deadline.due_at == march("2 11:00")
    assert state(found, "31 10:00") == (ClockState.RUNNING, None)
    update = clock("update:1", then("2 11:00", ClockEventKind.STAFF_WROTE))  # low has none
    assert update.deadline.due_at == march("2 12:00")
    assert state(update, "31 10:00") == (ClockState.RUNNING, None)


def test_untriaged_the_severity_that_it_gets_says_whether_it_was_late() -> None:
    for severity, broken in (("critical", march("2 12:00")), ("high", None)):
        found = clock("first_response:1", triaged("2 13:00", severity))
        assert found.broken_at(march("2 13:00")) == broken


@pytest.mark.parametrize(("severity", "at"), [("critical", "2 12:00"), ("low", "3 10:00")])
def test_the_first_severity_counts_from_the_start_for_it_changes_no_other(
    severity: str, at: str
) -> None:
    """Else an alarm for the earliest clock would become a breach of a promise never made."""
    found = clock("first_response:1", triaged("2 13:00", severity, from_now=True))
    assert found.deadline.starts_at == march("2 10:00")
    assert found.deadline.due_at == found.deadline.breach_at == march(at)


def test_the_first_severity_judges_an_answer_that_came_before_it() -> None:
    life = (
        then("2 13:00", ClockEventKind.STAFF_WROTE),
        triaged("2 15:00", "critical", from_now=True),
    )
    found = clock("first_response:1", *life)
    assert state(found, "2 15:00") == (ClockState.BREACHED, march("2 12:00"))


def test_untriaged_each_severity_waits_in_its_own_calendar() -> None:
    """From Friday 17:00 until Monday 09:00 critical, due on Saturday at 16:00, loses 64 hours and
    high, due on Monday at noon, none: now high is the earlier."""
    life = (
        then("6 16:00", ClockEventKind.OPENED),
        then("6 17:00", ClockEventKind.WAITING),
        then("9 09:00", ClockEventKind.CLIENT_WROTE),
    )
    resolution: Lines = {
        "critical": (ClockTime(24 * HOUR), ALWAYS),
        "high": (CoveredTime(4 * HOUR), OFFICE),
    }
    two = {name: RESPONSES[name] for name in resolution}
    found = clocks_of(negotiated(two, resolution=resolution), life)[1]
    assert found.deadline.severity == "high"
    assert found.deadline.due_at == march("9 12:00")
    assert found.deadline.breach_at == march("10 08:00")


def test_untriaged_nobody_is_surely_late_while_one_severity_waits() -> None:
    """Critical was due at 18:00; high still waits, and the ticket may be high."""
    plan = negotiated(
        {name: RESPONSES[name] for name in ("critical", "high")},
        resolution={
            "critical": (ClockTime(8 * HOUR), ALWAYS),
            "high": (ClockTime(16 * HOUR), ALWAYS),
        },
    )
    waits = clock("resolution:1", then("2 20:00", ClockEventKind.WAITING), plan=plan)
    assert waits.deadline.due_at == march("2 18:00")
    assert state(waits, "31 10:00") == (ClockState.RUNNING, None)
    goes_on = then("3 20:00", ClockEventKind.CLIENT_WROTE)
    found = clock("resolution:1", then("2 20:00", ClockEventKind.WAITING), goes_on, plan=plan)
    assert found.broken_at(march("31 10:00")) == march("4 02:00")


def test_untriaged_it_is_paused_while_every_severity_waits() -> None:
    found = clock("resolution:1", then("2 11:00", ClockEventKind.WAITING))
    assert found.paused
    assert state(found, "31 10:00") == (ClockState.PAUSED, None)


def test_untriaged_a_severity_without_a_clock_on_that_weekday_has_none() -> None:
    """Critical is words on a Monday, so that silence may have broken nothing."""
    plan = negotiated({name: RESPONSES[name] for name in ("critical", "high")})
    critical, high = plan.promises
    plan = replace(plan, promises=(replace(critical, by_weekday={0: WORDS}), high))
    found = clock("first_response:1", plan=plan)
    assert found.deadline.due_at == march("2 14:00")
    assert state(found, "31 10:00") == (ClockState.RUNNING, None)
