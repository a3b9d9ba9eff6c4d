"""Tests of a ticket's clocks before it has a severity, and of the effect of its first severity."""

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


def test_an_untriaged_ticket_is_due_at_its_earliest_clock_and_breaches_at_its_last() -> None:
    sla_clock = clock("first_response:1")
    assert sla_clock.deadline.due_at == march("2 12:00")
    assert sla_clock.deadline.severity == "critical"
    assert state(sla_clock, "3 09:59") == (ClockState.RUNNING, None)
    assert state(sla_clock, "3 10:00") == (ClockState.BREACHING, march("3 10:00"))


def test_an_untriaged_ticket_never_breaches_where_a_severity_has_no_clock() -> None:
    plan = negotiated({"high": (ClockTime(HOUR), ALWAYS), "low": (WORDS, ALWAYS)})
    sla_clock = clock("first_response:1", plan=plan)
    assert sla_clock.deadline.due_at == march("2 11:00")
    assert state(sla_clock, "31 10:00") == (ClockState.RUNNING, None)
    update = clock("update:1", then("2 11:00", ClockEventKind.STAFF_WROTE))  # low has no clock
    assert update.deadline.due_at == march("2 12:00")
    assert state(update, "31 10:00") == (ClockState.RUNNING, None)


def test_the_severity_set_later_decides_whether_the_ticket_was_overdue() -> None:
    for severity, broken in (("critical", march("2 12:00")), ("high", None)):
        sla_clock = clock("first_response:1", triaged("2 13:00", severity))
        assert sla_clock.broken_at(march("2 13:00")) == broken


@pytest.mark.parametrize(("severity", "at"), [("critical", "2 12:00"), ("low", "3 10:00")])
def test_the_first_severity_applies_from_the_start_as_it_replaces_no_other(
    severity: str, at: str
) -> None:
    """Otherwise an alarm for the earliest clock would become a breach of a promise never made."""
    sla_clock = clock("first_response:1", triaged("2 13:00", severity, from_now=True))
    assert sla_clock.deadline.starts_at == march("2 10:00")
    assert sla_clock.deadline.due_at == sla_clock.deadline.breach_at == march(at)


def test_the_first_severity_judges_an_earlier_response() -> None:
    life = (
        then("2 13:00", ClockEventKind.STAFF_WROTE),
        triaged("2 15:00", "critical", from_now=True),
    )
    sla_clock = clock("first_response:1", *life)
    assert state(sla_clock, "2 15:00") == (ClockState.BREACHED, march("2 12:00"))


def test_an_untriaged_tickets_severities_wait_in_their_own_calendars() -> None:
    """Waiting lasts from Friday 17:00 until Monday 09:00.

    Critical, due on Saturday at 16:00, loses 64 hours; high, due on Monday at noon, loses nothing
    and is now the earlier deadline.
    """
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
    sla_clock = clocks_of(negotiated(two, resolution=resolution), life)[1]
    assert sla_clock.deadline.severity == "high"
    assert sla_clock.deadline.due_at == march("9 12:00")
    assert sla_clock.deadline.breach_at == march("10 08:00")


def test_an_untriaged_ticket_does_not_breach_while_a_severity_is_paused() -> None:
    """Critical was due at 18:00. High is still paused, and the ticket may be high."""
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
    sla_clock = clock("resolution:1", then("2 20:00", ClockEventKind.WAITING), goes_on, plan=plan)
    assert sla_clock.broken_at(march("31 10:00")) == march("4 02:00")


def test_an_untriaged_ticket_is_paused_while_every_severity_is_paused() -> None:
    sla_clock = clock("resolution:1", then("2 11:00", ClockEventKind.WAITING))
    assert sla_clock.paused
    assert state(sla_clock, "31 10:00") == (ClockState.PAUSED, None)


def test_an_untriaged_ticket_never_breaches_on_a_weekday_where_a_severity_has_no_clock() -> None:
    """Critical has no clock on a Monday, so silence may have broken no promise."""
    plan = negotiated({name: RESPONSES[name] for name in ("critical", "high")})
    critical, high = plan.sla_targets
    plan = replace(plan, sla_targets=(replace(critical, by_weekday={0: WORDS}), high))
    sla_clock = clock("first_response:1", plan=plan)
    assert sla_clock.deadline.due_at == march("2 14:00")
    assert state(sla_clock, "31 10:00") == (ClockState.RUNNING, None)
