"""Who is told what, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import load_catalog
from bot.domain.escalation.decision import (
    Audience,
    Decision,
    People,
    Ping,
    decide,
    later_steps,
    rungs,
)
from bot.domain.escalation.ladder import USUAL, Step, Tell
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId, UserId
from bot.domain.operations.staff import Role, StaffMember
from bot.domain.sla.clocks.deadline import Deadline, deadline
from bot.domain.ticket import Source, Ticket

PLANS = load_catalog("ecosire").plans
ECOTONE = load_catalog("ecotone").plans["support-agreement"]
OPENED = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # a Monday, 10:00 in Karachi
CRITICAL = deadline(PLANS["standard"], "critical", OPENED)
URGENT = PLANS["priority"].ladder("critical")
TICKET = Ticket(
    TicketId(1),
    ClientId(1),
    1,
    "ACME-1",
    Source.SLACK,
    OPENED,
    "UANN",
    "Down",
    AgreementId(1),
    1,
    "standard",
    ChannelId("C1"),
    "1.0",
)
DANA, ELI, EVE = (
    StaffMember(UserId(f"U{name}"), Role.ENGINEER, name) for name in ("DANA", "ELI", "EVE")
)
MO = StaffMember(UserId("UMO"), Role.MANAGER, "Mo")
STAFF = {one.user_id: one for one in (DANA, ELI, EVE, MO)}
PEOPLE = People(UserId("UDANA"), UserId("UEVE"), STAFF)
EVERYBODY = (Tell.ENGINEER, Tell.ASSIGNEE, Tell.TRIAGE)
OFFICE = "Mon-Fri 09:00-18:00"


def hours(count: float) -> datetime:
    return OPENED + timedelta(hours=count)


def away(*names: str, **cover: UserId) -> People:
    """The same people, some of them away until tomorrow and covered for."""
    until = hours(24)
    gone = {
        UserId(f"U{one}"): replace(STAFF[UserId(f"U{one}")], away_until=until, cover=cover.get(one))
        for one in names
    }
    return People(UserId("UDANA"), UserId("UEVE"), STAFF | gone)


def told(
    ticket: Ticket,
    step: Step,
    *tells: tuple[Tell, ...],
    people: People = PEOPLE,
    now: datetime = OPENED,
    covered_from: datetime = OPENED,
) -> Decision:
    return decide(ticket, step, tells, people, now, covered_from=covered_from)


def readers(decision: Decision) -> str:
    """Who is told directly, in order."""
    direct = [one.readers for one in decision.pings if one.audience is Audience.ENGINEER]
    return " ".join(reader for [reader] in direct)


def test_a_catalogue_that_says_nothing_warns_at_three_quarters_and_tells_of_the_due_instant() -> (
    None
):
    steps = [(rung.step, rung.at) for rung in rungs(CRITICAL, USUAL)]
    assert steps == [(Step.WARNING, hours(3)), (Step.DUE, hours(4))]


def test_a_ladder_has_shares_of_the_clock_and_steps_that_repeat_after_it() -> None:
    critical = deadline(PLANS["priority"], "critical", OPENED)  # 2 hours
    steps = [(str(rung.step), rung.at) for rung in rungs(critical, URGENT)]
    assert steps == [
        ("50%", hours(1)),
        ("75%", hours(1.5)),
        ("due", hours(2)),
        ("+30m", hours(2.5)),
        ("+60m", hours(3)),
        ("+90m", hours(3.5)),
        ("+120m", hours(4)),
    ]


def test_untriaged_there_is_a_last_step_at_the_last_deadline() -> None:
    ladder = rungs(deadline(PLANS["standard"], None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE, Step.LAST]
    assert ladder[-1].at == OPENED + timedelta(days=2)
    assert ladder[-1].tell == EVERYBODY


def test_where_all_severities_fall_due_together_the_due_step_is_the_last() -> None:
    """Included promises one business day whatever the severity."""
    ladder = rungs(deadline(PLANS["included"], None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


@pytest.mark.parametrize("severity", ["p2", "p3", "p4"])
def test_without_a_clock_there_is_no_step(severity: str) -> None:
    assert rungs(deadline(ECOTONE, severity, OPENED), USUAL) == ()


def test_untriaged_ecotone_has_no_last_step_for_it_may_be_without_a_clock() -> None:
    ladder = rungs(deadline(ECOTONE, None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


def test_what_was_waited_for_the_client_moves_every_share_as_it_moves_the_due_instant() -> None:
    """A clock of four hours that stood for one: half of it is gone two hours before it is due."""
    waited = Deadline(OPENED, hours(5), hours(4), hours(5), ())
    [half, *_] = rungs(waited, URGENT)
    assert half.at == hours(3)


def test_a_step_is_told_in_the_thread_and_to_each_directly() -> None:
    owned = replace(TICKET, assignee=UserId("UELI"))
    assert told(owned, Step.WARNING, EVERYBODY).pings == (
        Ping(Step.WARNING, Audience.TRIAGE, ("UDANA", "UELI")),
        Ping(Step.WARNING, Audience.ENGINEER, ("UDANA",)),
        Ping(Step.WARNING, Audience.ENGINEER, ("UELI",)),
    )


@pytest.mark.parametrize(
    ("tell", "assignee", "expected"),
    [
        ((Tell.ENGINEER,), None, "UDANA"),
        ((Tell.ASSIGNEE,), "UELI", "UELI"),
        ((Tell.ENGINEER, Tell.ASSIGNEE), "UDANA", "UDANA"),
        ((Tell.BACKUP,), None, "UEVE"),
        ((Tell.MANAGER,), None, "UMO"),
        (tuple(Tell), "UELI", "UDANA UELI UEVE UMO"),
    ],
)
def test_each_on_a_rung_is_told_the_named_engineer_first(
    tell: tuple[Tell, ...], assignee: UserId | None, expected: str
) -> None:
    assert readers(told(replace(TICKET, assignee=assignee), Step.DUE, tell)) == expected


@pytest.mark.parametrize(
    ("people", "assignee", "expected"),
    [
        (PEOPLE, None, "UDANA"),
        (away("DANA"), None, "UEVE"),
        (away("DANA", DANA=UserId("UELI")), None, "UELI"),
        (away("DANA", "ELI", DANA=UserId("UELI"), ELI=UserId("UMO")), None, "UMO"),
        (
            away("DANA", "ELI", DANA=UserId("UELI"), ELI=UserId("UDANA")),
            None,
            "UEVE",
        ),  # in a circle
        (away("DANA", "EVE"), None, ""),
        (away("DANA"), "UDANA", "UEVE"),
        (away("ELI"), "UELI", "UDANA"),
        (away("ELI", ELI=UserId("UMO")), "UELI", "UDANA UMO"),
        (away("DANA"), "UELI", "UEVE UELI"),
        (replace(PEOPLE, engineer=UserId("UGONE")), None, "UEVE"),  # on staff no more
        (replace(PEOPLE, engineer=None), "UELI", "UELI"),  # none that the plan promises
    ],
)
def test_for_whoever_is_away_their_cover_is_told_or_the_engineers_backup(
    people: People, assignee: UserId | None, expected: str
) -> None:
    ticket = replace(TICKET, assignee=assignee)
    assert readers(told(ticket, Step.WARNING, EVERYBODY, people=people)) == expected


def test_a_rung_with_nobody_on_it_falls_to_the_next_at_once() -> None:
    nobody = away("DANA", "EVE")
    half, three_quarters, due = (Tell.ENGINEER,), (Tell.BACKUP, Tell.ASSIGNEE), (Tell.MANAGER,)
    fallen = told(TICKET, Step("50%"), half, three_quarters, due, people=nobody)
    assert readers(fallen) == "UMO"
    assert all(ping.step == "50%" for ping in fallen.pings)


def test_with_nobody_on_any_rung_the_whole_triage_channel_is_told() -> None:
    nobody = People(None, None, {})
    expected = (Ping(Step.WARNING, Audience.TRIAGE, (), to_all=True),)
    assert told(TICKET, Step.WARNING, (Tell.ENGINEER,), people=nobody).pings == expected
    assert told(TICKET, Step.WARNING, EVERYBODY, people=nobody).pings == expected


def test_the_whole_channel_is_told_of_what_is_late_and_of_nothing_before() -> None:
    """Before that its thread is enough, where somebody is told."""
    [before, *_] = told(TICKET, Step.WARNING, EVERYBODY).pings
    [late, *_] = told(TICKET, Step.DUE, EVERYBODY).pings
    [after, *_] = told(TICKET, Step("+30m"), (Tell.ENGINEER,)).pings
    assert (before.to_all, late.to_all, after.to_all) == (False, True, False)


def test_taking_silences_the_others_until_it_is_due_and_assignment_does_not() -> None:
    given, taken = (
        replace(TICKET, assignee=UserId("UELI")),
        replace(TICKET, assignee=UserId("UELI"), taken=True),
    )
    tell = (*EVERYBODY, Tell.PAGER)
    assert readers(told(given, Step.WARNING, tell)) == "UDANA UELI"
    silenced = told(taken, Step.WARNING, tell)
    assert readers(silenced) == "UELI"
    assert Audience.PAGER not in {ping.audience for ping in silenced.pings}
    assert readers(told(taken, Step.DUE, tell)) == "UDANA UELI"
    assert Audience.PAGER in {ping.audience for ping in told(taken, Step.DUE, tell).pings}


def test_who_has_taken_it_and_is_away_silences_nobody() -> None:
    taken = replace(TICKET, assignee=UserId("UELI"), taken=True)
    assert readers(told(taken, Step.WARNING, EVERYBODY, people=away("ELI"))) == "UDANA"


@pytest.mark.parametrize(
    ("step", "silent"),
    [("50%", False), ("75%", False), ("due", False), ("last", False), ("+30m", True)],
)
def test_of_a_ticket_that_sleeps_nobody_is_reminded_once_it_is_late(
    step: str, *, silent: bool
) -> None:
    asleep = replace(TICKET, snoozed_until=hours(1))
    assert (told(asleep, Step(step), EVERYBODY).pings == ()) is silent
    assert told(asleep, Step(step), EVERYBODY, now=hours(1)).pings != ()


def working(**hours_of: str) -> People:
    """The same people, some with working hours in Karachi."""
    there = {
        UserId(f"U{name}"): replace(STAFF[UserId(f"U{name}")], hours=each, zone="Asia/Karachi")
        for name, each in hours_of.items()
    }
    return People(UserId("UDANA"), UserId("UEVE"), STAFF | there)


NIGHT = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)  # Tuesday, 03:00 in Karachi
MORNING = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 09:00
OPENING = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)  # 08:00, Standard's coverage


def test_at_night_what_the_plan_covers_is_sent_and_what_it_does_not_is_held() -> None:
    people = working(DANA=OFFICE)
    covered = told(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=NIGHT)
    assert readers(covered) == "UDANA"
    assert covered.held_until is None
    held = told(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=MORNING)
    assert held == Decision((), MORNING)


def test_it_is_held_until_the_reader_works_or_the_plan_covers_again() -> None:
    people = working(DANA=OFFICE)
    held = told(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=OPENING)
    assert held == Decision((), OPENING)


def test_of_several_readers_each_is_told_in_their_own_hours() -> None:
    people = working(DANA=OFFICE, ELI="Mon-Sun 00:00-24:00")
    owned = replace(TICKET, assignee=UserId("UELI"))
    decision = told(owned, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=MORNING)
    assert readers(decision) == "UELI"
    assert decision.pings[0].readers == ("UELI",)
    assert decision.held_until == MORNING


def test_who_has_no_hours_is_told_at_any_time() -> None:
    decision = told(TICKET, Step.DUE, EVERYBODY, now=NIGHT, covered_from=MORNING)
    assert readers(decision) == "UDANA"


def test_which_later_steps_have_come() -> None:
    untriaged = deadline(PLANS["standard"], None, OPENED)
    last = OPENED + timedelta(days=2)
    second = timedelta(seconds=1)

    def later(step: Step, now: datetime, promise: Deadline = untriaged) -> list[Step]:
        return [rung.step for rung in later_steps(step, promise, USUAL, now)]

    assert later(Step.WARNING, hours(4) - second) == []
    assert later(Step.WARNING, hours(4)) == [Step.DUE]
    assert later(Step.WARNING, last) == [Step.DUE, Step.LAST]
    assert later(Step.DUE, last - second) == []
    assert later(Step.DUE, last) == [Step.LAST]
    assert later(Step.LAST, last + timedelta(days=1)) == []
    assert later(Step.DUE, last, CRITICAL) == []


def test_a_promise_without_instants_calls_for_nothing() -> None:
    assert rungs(Deadline(None, None, None, None, ()), USUAL) == ()
