"""Who is told what, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog_file import load_catalog
from bot.domain.client import Agreement
from bot.domain.escalation import (
    Audience,
    Ping,
    Rung,
    Step,
    is_overtaken,
    pings,
    responsible,
    rungs,
)
from bot.domain.promised import Promised, promised
from bot.domain.ticket import Source, Ticket

PLANS = load_catalog("ecosire").plans
ECOTONE = load_catalog("ecotone").plans["support-agreement"]
OPENED = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)
CRITICAL = promised(PLANS["standard"], "critical", OPENED)
TICKET = Ticket(
    1, 1, 1, "ACME-1", Source.SLACK, OPENED, "UANN", "Down", 1, 1, "standard", "C1", "1.0"
)
AGREEMENT = Agreement(1, 1, "ecosire", "standard", OPENED, engineer="UDANA", backup="UEVE")


def hours(count: float) -> datetime:
    return OPENED + timedelta(hours=count)


def test_a_known_severity_has_a_warning_and_a_due_step() -> None:
    assert rungs(CRITICAL) == (Rung(Step.WARNING, hours(3)), Rung(Step.DUE, hours(4)))


def test_untriaged_there_is_a_last_step_at_the_last_deadline() -> None:
    ladder = rungs(promised(PLANS["standard"], None, OPENED))

    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE, Step.LAST]
    assert ladder[-1].at == OPENED + timedelta(days=2)


def test_where_all_severities_fall_due_together_the_due_step_is_the_last() -> None:
    """Included promises one business day whatever the severity."""
    ladder = rungs(promised(PLANS["included"], None, OPENED))

    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


@pytest.mark.parametrize("severity", ["p2", "p3", "p4"])
def test_without_a_clock_there_is_no_step(severity: str) -> None:
    assert rungs(promised(ECOTONE, severity, OPENED)) == ()


def test_untriaged_ecotone_has_no_last_step_for_it_may_be_without_a_clock() -> None:
    ladder = rungs(promised(ECOTONE, None, OPENED))

    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


@pytest.mark.parametrize(
    ("plan", "assignee", "readers"),
    [
        ("standard", None, ()),
        ("standard", "UELI", ("UELI",)),
        ("priority", None, ("UDANA",)),
        ("priority", "UELI", ("UDANA", "UELI")),
        ("priority", "UDANA", ("UDANA",)),
        ("enterprise", "UELI", ("UDANA", "UELI")),
    ],
)
def test_the_named_engineer_comes_first_where_the_plan_names_one(
    plan: str, assignee: str | None, readers: tuple[str, ...]
) -> None:
    ticket = replace(TICKET, assignee=assignee)

    assert responsible(ticket, PLANS[plan], AGREEMENT) == readers


def test_a_plan_that_names_an_engineer_nobody_has_filled_in_tells_whoever_has_it() -> None:
    agreement = replace(AGREEMENT, engineer=None)

    assert responsible(replace(TICKET, assignee="UELI"), PLANS["priority"], agreement) == ("UELI",)


@pytest.mark.parametrize(
    ("away", "assignee", "readers"),
    [
        ("", None, "UDANA"),
        ("UDANA", None, "UMO"),
        ("UDANA UMO", None, ""),
        ("UMO", None, "UDANA"),
        ("UDANA", "UDANA", "UMO"),
        ("UELI", "UELI", "UDANA"),
        ("UDANA", "UELI", "UMO UELI"),
        ("UDANA UMO UELI", "UELI", ""),
    ],
)
def test_for_whoever_is_away_their_backup_is_told(
    away: str, assignee: str | None, readers: str
) -> None:
    agreement = replace(AGREEMENT, engineer="UDANA", backup="UMO")
    ticket = replace(TICKET, assignee=assignee)
    told = responsible(ticket, PLANS["priority"], agreement, away.split())
    assert told == tuple(readers.split())


def test_a_step_is_told_in_triage_and_to_each_directly() -> None:
    assert pings(Step.WARNING, ["UDANA", "UELI"]) == [
        Ping(Step.WARNING, Audience.TRIAGE, ("UDANA", "UELI")),
        Ping(Step.WARNING, Audience.ENGINEER, ("UDANA",)),
        Ping(Step.WARNING, Audience.ENGINEER, ("UELI",)),
    ]


def test_with_nobody_to_name_triage_as_a_whole_is_told() -> None:
    assert pings(Step.DUE, []) == [Ping(Step.DUE, Audience.TRIAGE, ())]


def test_a_step_is_overtaken_once_a_later_one_has_come() -> None:
    untriaged = promised(PLANS["standard"], None, OPENED)
    last = OPENED + timedelta(days=2)
    second = timedelta(seconds=1)
    assert not is_overtaken(Step.WARNING, untriaged, hours(4) - second)
    assert is_overtaken(Step.WARNING, untriaged, hours(4))
    assert not is_overtaken(Step.DUE, untriaged, last - second)
    assert is_overtaken(Step.DUE, untriaged, last)
    assert not is_overtaken(Step.LAST, untriaged, last + timedelta(days=1))
    assert not is_overtaken(Step.DUE, CRITICAL, last)


def test_a_promise_without_instants_calls_for_nothing() -> None:
    assert rungs(Promised(None, None, None, None, ())) == ()
