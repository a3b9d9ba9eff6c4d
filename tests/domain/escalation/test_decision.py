"""Tests of which people an escalation step pings, and when."""

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
from bot.slack_ts import MessageTs

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
    MessageTs.parse("1.0"),
)
DANA, ELI, EVE = (
    StaffMember(UserId(f"U{name}"), Role.ENGINEER, name) for name in ("DANA", "ELI", "EVE")
)
MO = StaffMember(UserId("UMO"), Role.MANAGER, "Mo")
STAFF = {member.user_id: member for member in (DANA, ELI, EVE, MO)}
PEOPLE = People(UserId("UDANA"), UserId("UEVE"), STAFF)
EVERYBODY = (Tell.ENGINEER, Tell.ASSIGNEE, Tell.TRIAGE)
OFFICE = "Mon-Fri 09:00-18:00"


def hours(count: float) -> datetime:
    return OPENED + timedelta(hours=count)


def with_absences(*names: str, **cover: UserId) -> People:
    """Return the same staff with the named members away until tomorrow and covered by `cover`."""
    until = hours(24)
    gone = {
        UserId(f"U{name}"): replace(
            STAFF[UserId(f"U{name}")], away_until=until, cover=cover.get(name)
        )
        for name in names
    }
    return People(UserId("UDANA"), UserId("UEVE"), STAFF | gone)


def decide_step(
    ticket: Ticket,
    step: Step,
    *tells: tuple[Tell, ...],
    people: People = PEOPLE,
    now: datetime = OPENED,
    covered_from: datetime = OPENED,
) -> Decision:
    return decide(ticket, step, tells, people, now, covered_from=covered_from)


def readers(decision: Decision) -> str:
    """Return the readers of the direct messages, in order."""
    direct = [
        direct_ping.readers
        for direct_ping in decision.pings
        if direct_ping.audience is Audience.ENGINEER
    ]
    return " ".join(reader for [reader] in direct)


def test_the_default_ladder_warns_at_three_quarters_and_pings_at_the_due_time() -> None:
    steps = [(rung.step, rung.at) for rung in rungs(CRITICAL, USUAL)]
    assert steps == [(Step.WARNING, hours(3)), (Step.DUE, hours(4))]


def test_a_ladder_has_shares_of_the_clock_and_repeated_steps_after_the_due_time() -> None:
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


def test_an_untriaged_ticket_has_a_last_step_at_its_last_deadline() -> None:
    ladder = rungs(deadline(PLANS["standard"], None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE, Step.LAST]
    assert ladder[-1].at == OPENED + timedelta(days=2)
    assert ladder[-1].tell == EVERYBODY


def test_the_due_step_is_the_last_where_all_severities_are_due_together() -> None:
    """The Included plan promises a single business day for every severity."""
    ladder = rungs(deadline(PLANS["included"], None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


@pytest.mark.parametrize("severity", ["p2", "p3", "p4"])
def test_a_ticket_without_a_clock_has_no_steps(severity: str) -> None:
    assert rungs(deadline(ECOTONE, severity, OPENED), USUAL) == ()


def test_an_untriaged_ecotone_ticket_has_no_last_step_as_it_may_have_no_clock() -> None:
    ladder = rungs(deadline(ECOTONE, None, OPENED), USUAL)
    assert [rung.step for rung in ladder] == [Step.WARNING, Step.DUE]


def test_time_spent_waiting_on_the_client_moves_every_step_with_the_due_time() -> None:
    """A four-hour clock that was paused for an hour is half used two hours before it is due."""
    waited = Deadline(OPENED, hours(5), hours(4), hours(5), ())
    [half, *_] = rungs(waited, URGENT)
    assert half.at == hours(3)


def test_a_step_pings_the_thread_and_each_reader_directly() -> None:
    owned = replace(TICKET, assignee=UserId("UELI"))
    assert decide_step(owned, Step.WARNING, EVERYBODY).pings == (
        Ping(Step.WARNING, Audience.TRIAGE, (UserId("UDANA"), UserId("UELI"))),
        Ping(Step.WARNING, Audience.ENGINEER, (UserId("UDANA"),)),
        Ping(Step.WARNING, Audience.ENGINEER, (UserId("UELI"),)),
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
def test_all_members_of_a_rung_are_pinged_account_engineer_first(
    tell: tuple[Tell, ...], assignee: UserId | None, expected: str
) -> None:
    assert readers(decide_step(replace(TICKET, assignee=assignee), Step.DUE, tell)) == expected


@pytest.mark.parametrize(
    ("people", "assignee", "expected"),
    [
        (PEOPLE, None, "UDANA"),
        (with_absences("DANA"), None, "UEVE"),
        (with_absences("DANA", DANA=UserId("UELI")), None, "UELI"),
        (with_absences("DANA", "ELI", DANA=UserId("UELI"), ELI=UserId("UMO")), None, "UMO"),
        # The covers form a circle.
        (
            with_absences("DANA", "ELI", DANA=UserId("UELI"), ELI=UserId("UDANA")),
            None,
            "UEVE",
        ),
        (with_absences("DANA", "EVE"), None, ""),
        (with_absences("DANA"), "UDANA", "UEVE"),
        (with_absences("ELI"), "UELI", "UDANA"),
        (with_absences("ELI", ELI=UserId("UMO")), "UELI", "UDANA UMO"),
        (with_absences("DANA"), "UELI", "UEVE UELI"),
        (replace(PEOPLE, engineer=UserId("UGONE")), None, "UEVE"),  # no longer a staff member
        (replace(PEOPLE, engineer=None), "UELI", "UELI"),  # the plan has no account engineer
    ],
)
def test_the_cover_of_an_absent_member_is_pinged_or_else_the_account_engineers_backup(
    people: People, assignee: UserId | None, expected: str
) -> None:
    ticket = replace(TICKET, assignee=assignee)
    assert readers(decide_step(ticket, Step.WARNING, EVERYBODY, people=people)) == expected


def test_an_empty_rung_falls_through_to_the_next_rung_at_once() -> None:
    nobody = with_absences("DANA", "EVE")
    half, three_quarters, due = (Tell.ENGINEER,), (Tell.BACKUP, Tell.ASSIGNEE), (Tell.MANAGER,)
    fallen = decide_step(TICKET, Step("50%"), half, three_quarters, due, people=nobody)
    assert readers(fallen) == "UMO"
    assert all(ping.step == "50%" for ping in fallen.pings)


def test_the_whole_triage_channel_is_pinged_if_every_rung_is_empty() -> None:
    nobody = People(None, None, {})
    expected = (Ping(Step.WARNING, Audience.TRIAGE, (), to_all=True),)
    assert decide_step(TICKET, Step.WARNING, (Tell.ENGINEER,), people=nobody).pings == expected
    assert decide_step(TICKET, Step.WARNING, EVERYBODY, people=nobody).pings == expected


def test_the_whole_channel_is_pinged_only_for_overdue_tickets() -> None:
    """Before the due time the thread is enough, as long as somebody is pinged there."""
    [before, *_] = decide_step(TICKET, Step.WARNING, EVERYBODY).pings
    [late, *_] = decide_step(TICKET, Step.DUE, EVERYBODY).pings
    [after, *_] = decide_step(TICKET, Step("+30m"), (Tell.ENGINEER,)).pings
    assert (before.to_all, late.to_all, after.to_all) == (False, True, False)


def test_taking_a_ticket_silences_the_others_until_it_is_due_but_assignment_does_not() -> None:
    given, taken = (
        replace(TICKET, assignee=UserId("UELI")),
        replace(TICKET, assignee=UserId("UELI"), taken=True),
    )
    tell = (*EVERYBODY, Tell.PAGER)
    assert readers(decide_step(given, Step.WARNING, tell)) == "UDANA UELI"
    silenced = decide_step(taken, Step.WARNING, tell)
    assert readers(silenced) == "UELI"
    assert Audience.PAGER not in {ping.audience for ping in silenced.pings}
    assert readers(decide_step(taken, Step.DUE, tell)) == "UDANA UELI"
    assert Audience.PAGER in {ping.audience for ping in decide_step(taken, Step.DUE, tell).pings}


def test_an_absent_assignee_silences_nobody() -> None:
    taken = replace(TICKET, assignee=UserId("UELI"), taken=True)
    assert (
        readers(decide_step(taken, Step.WARNING, EVERYBODY, people=with_absences("ELI"))) == "UDANA"
    )


@pytest.mark.parametrize(
    ("step", "silent"),
    [("50%", False), ("75%", False), ("due", False), ("last", False), ("+30m", True)],
)
def test_a_snoozed_ticket_sends_no_reminders_once_it_is_overdue(step: str, *, silent: bool) -> None:
    asleep = replace(TICKET, snoozed_until=hours(1))
    assert (decide_step(asleep, Step(step), EVERYBODY).pings == ()) is silent
    assert decide_step(asleep, Step(step), EVERYBODY, now=hours(1)).pings != ()


def with_hours(**hours_of: str) -> People:
    """Return the same staff, some with working hours in Karachi."""
    there = {
        UserId(f"U{name}"): replace(
            STAFF[UserId(f"U{name}")], hours=hours_text, zone="Asia/Karachi"
        )
        for name, hours_text in hours_of.items()
    }
    return People(UserId("UDANA"), UserId("UEVE"), STAFF | there)


NIGHT = datetime(2026, 3, 9, 22, 0, tzinfo=UTC)  # Tuesday, 03:00 in Karachi
MORNING = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 09:00
OPENING = datetime(2026, 3, 10, 3, 0, tzinfo=UTC)  # 08:00, Standard's coverage


def test_at_night_pings_within_coverage_are_sent_and_others_are_held() -> None:
    people = with_hours(DANA=OFFICE)
    covered = decide_step(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=NIGHT)
    assert readers(covered) == "UDANA"
    assert covered.held_until is None
    held = decide_step(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=MORNING)
    assert held == Decision((), MORNING)


def test_a_held_ping_waits_for_working_hours_or_coverage() -> None:
    people = with_hours(DANA=OFFICE)
    held = decide_step(TICKET, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=OPENING)
    assert held == Decision((), OPENING)


def test_each_reader_is_pinged_in_their_own_working_hours() -> None:
    people = with_hours(DANA=OFFICE, ELI="Mon-Sun 00:00-24:00")
    owned = replace(TICKET, assignee=UserId("UELI"))
    decision = decide_step(
        owned, Step.DUE, EVERYBODY, people=people, now=NIGHT, covered_from=MORNING
    )
    assert readers(decision) == "UELI"
    assert decision.pings[0].readers == ("UELI",)
    assert decision.held_until == MORNING


def test_a_reader_without_working_hours_is_pinged_at_any_time() -> None:
    decision = decide_step(TICKET, Step.DUE, EVERYBODY, now=NIGHT, covered_from=MORNING)
    assert readers(decision) == "UDANA"


def test_the_later_steps_that_are_already_due_are_returned() -> None:
    untriaged = deadline(PLANS["standard"], None, OPENED)
    last = OPENED + timedelta(days=2)
    second = timedelta(seconds=1)

    def steps_at(step: Step, now: datetime, sla_target: Deadline = untriaged) -> list[Step]:
        return [rung.step for rung in later_steps(step, sla_target, USUAL, now)]

    assert steps_at(Step.WARNING, hours(4) - second) == []
    assert steps_at(Step.WARNING, hours(4)) == [Step.DUE]
    assert steps_at(Step.WARNING, last) == [Step.DUE, Step.LAST]
    assert steps_at(Step.DUE, last - second) == []
    assert steps_at(Step.DUE, last) == [Step.LAST]
    assert steps_at(Step.LAST, last + timedelta(days=1)) == []
    assert steps_at(Step.DUE, last, CRITICAL) == []


def test_a_promise_without_instants_triggers_no_step() -> None:
    assert rungs(Deadline(None, None, None, None, ()), USUAL) == ()
