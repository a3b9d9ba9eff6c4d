"""Tests of a ticket's deadline and of whether it was met."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.sla.clocks.deadline import (
    ClockState,
    Deadline,
    breach_instant,
    clock_state,
    deadline,
)
from bot.views.sla.explanation_words import explanation_sentences

STANDARD = load_catalog("ecosire").plans["standard"]
ECOTONE = load_catalog("ecotone").plans["support-agreement"]
OPENED = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # Monday 10:00 in Karachi
SECOND = timedelta(seconds=1)


def hours(count: float) -> datetime:
    return OPENED + timedelta(hours=count)


def test_a_ticket_with_a_severity_is_due_and_breached_at_the_same_instant() -> None:
    sla_target = deadline(STANDARD, "critical", OPENED)

    assert sla_target.starts_at == OPENED
    assert sla_target.due_at == sla_target.breach_at == hours(4)


def test_the_warning_is_at_three_quarters_of_the_time_from_start_to_due() -> None:
    assert deadline(STANDARD, "critical", OPENED).warn_at == hours(3)
    sunday = OPENED - timedelta(days=1)  # starts on Monday at 08:00, due at 12:00
    assert deadline(STANDARD, "critical", sunday).warn_at == hours(1)


def test_an_untriaged_ticket_pings_at_its_earliest_deadline_and_breaches_at_its_last() -> None:
    sla_target = deadline(STANDARD, None, OPENED)

    assert sla_target.due_at == hours(4)
    assert sla_target.warn_at == hours(3)
    assert sla_target.breach_at == OPENED + timedelta(days=2)
    assert explanation_sentences(sla_target.why)[0] == (
        "No severity yet: the plan's earliest clock (Critical) is kept."
    )


def test_an_untriaged_ticket_never_breaches_where_a_severity_has_no_clock() -> None:
    sla_target = deadline(ECOTONE, None, OPENED)

    assert sla_target.due_at is not None
    assert sla_target.breach_at is None


def test_a_severity_promised_in_words_has_no_clock() -> None:
    sla_target = deadline(ECOTONE, "p2", OPENED)

    assert (sla_target.starts_at, sla_target.due_at, sla_target.warn_at, sla_target.breach_at) == (
        None,
    ) * 4


def test_a_severity_missing_from_the_plan_raises_key_error() -> None:
    with pytest.raises(KeyError):
        deadline(STANDARD, "p1", OPENED)


@pytest.mark.parametrize(
    ("answered", "late"), [(-SECOND, False), (timedelta(0), False), (SECOND, True)]
)
def test_a_response_at_the_due_instant_is_in_time(answered: timedelta, late: bool) -> None:
    sla_target = deadline(STANDARD, "critical", OPENED)

    broken = breach_instant(sla_target, answered_at=hours(4) + answered, now=hours(100))

    assert broken == (hours(4) if late else None)


@pytest.mark.parametrize(
    ("now", "broken"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)]
)
def test_silence_is_a_breach_from_the_due_instant_on(now: timedelta, broken: bool) -> None:
    sla_target = deadline(STANDARD, "critical", OPENED)

    breached_at = breach_instant(sla_target, answered_at=None, now=hours(4) + now)

    assert breached_at == (hours(4) if broken else None)


def test_a_ticket_without_a_clock_is_never_overdue() -> None:
    sla_target = deadline(ECOTONE, "p4", OPENED)

    assert breach_instant(sla_target, answered_at=None, now=hours(10_000)) is None
    assert breach_instant(sla_target, answered_at=hours(9_999), now=hours(10_000)) is None


NO_CLOCK = Deadline(None, None, None, None, ())
CLOCK = deadline(STANDARD, "critical", OPENED)


@pytest.mark.parametrize(
    ("sla_target", "breached_at", "answered_at", "state"),
    [
        (NO_CLOCK, None, None, ClockState.NONE),
        (NO_CLOCK, None, OPENED, ClockState.NONE),
        (NO_CLOCK, OPENED, None, ClockState.BREACHING),  # the severity was lowered after the breach
        (CLOCK, None, None, ClockState.RUNNING),
        (CLOCK, None, OPENED, ClockState.MET),
        (CLOCK, hours(4), None, ClockState.BREACHING),
        (CLOCK, hours(4), hours(5), ClockState.BREACHED),
    ],
)
def test_the_state_follows_from_the_recorded_breach_and_the_response(
    sla_target: Deadline,
    breached_at: datetime | None,
    answered_at: datetime | None,
    state: ClockState,
) -> None:
    assert clock_state(sla_target, breached_at=breached_at, answered_at=answered_at) is state
