"""What a new version of a catalogue would change for the tickets that are open. Nothing of it
comes true."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.catalog import load_catalog, override_plan, parse_catalog
from bot.domain.actor import Staff
from bot.domain.agreements.plan import Plan
from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.operations.staff import Role, StaffMember
from bot.runtime import open_runtime
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from bot.usecases.access import ticket_by_key
from bot.usecases.agreements.compare_catalogs import Comparison, Move, compare_open
from bot.usecases.desk import Desk
from bot.usecases.due_timers import fire_due
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.operations.setup import NewClient, add_client
from bot.usecases.tickets.closing.resolve import resolve
from bot.usecases.tickets.conversation import staff_wrote
from bot.usecases.tickets.handling.wait import wait_on_client
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views.agreements.misfits import misfit_words
from tests.usecases.conftest import CHANNEL, MONDAY, Bureau, settings

ECOSIRE = load_catalog("ecosire").text
SOONER = ECOSIRE.replace('critical = "4h"', 'critical = "1h"')
LATER = ECOSIRE.replace('critical = "4h"', 'critical = "6h"')
HOUR = timedelta(hours=1)
DANA = StaffMember(UserId("UDANA"), Role.ENGINEER, "Dana")


async def held(desk: Desk, text: str, name: str = "ecosire") -> Comparison:
    """The open tickets of `name` against a version of ECOSIRE's catalogue that says `text`."""
    new = parse_catalog(text, name="new", source="new.toml")

    def as_agreed(plan_id: str, terms: str | None) -> Plan:
        if not terms:
            return new.plans[plan_id]
        return override_plan(new, plan_id, terms, source="its agreement")

    return await compare_open(desk, name, new, as_agreed)


async def against(bureau: Bureau, text: str, name: str = "ecosire") -> Comparison:
    async with bureau.runtime.read() as desk:
        return await held(desk, text, name)


async def triaged(bureau: Bureau, severity: str = "critical") -> None:
    """Acme's first ticket, opened on Monday at 10:00 in Karachi."""
    await bureau.says("It does not work")
    async with bureau.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), severity)


def dues(move: Move) -> tuple[datetime | None, datetime | None]:
    clocks = (move.before, move.after)
    before, after = (clock.deadline.due_at if clock else None for clock in clocks)
    return before, after


def told(move: Move) -> tuple[bool, bool, bool]:
    return move.is_earlier, move.is_later, move.would_breach


async def test_the_same_words_move_nothing(bureau: Bureau) -> None:
    await triaged(bureau)
    found = await against(bureau, ECOSIRE)
    assert found == Comparison(looked_at=1, moves=(), misfits=(), elsewhere=())


async def test_a_shorter_target_moves_a_ticket_earlier(bureau: Bureau) -> None:
    await triaged(bureau)
    [move] = (await against(bureau, SOONER)).moves
    assert (move.ticket.key, move.client, move.clock.name) == ("ACME-1", "Acme", "first_response:1")
    assert dues(move) == (MONDAY + 4 * HOUR, MONDAY + HOUR)
    assert told(move) == (True, False, False)


async def test_a_longer_target_moves_a_ticket_later(bureau: Bureau) -> None:
    await triaged(bureau)
    [move] = (await against(bureau, LATER)).moves
    assert dues(move) == (MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
    assert told(move) == (False, True, False)


@pytest.mark.parametrize(
    ("passed", "breaches"), [(HOUR - timedelta(seconds=1), False), (HOUR, True)]
)
async def test_what_would_be_due_by_now_would_breach(
    bureau: Bureau, passed: timedelta, breaches: bool
) -> None:
    await triaged(bureau)
    bureau.clock.advance(passed)
    [move] = (await against(bureau, SOONER)).moves
    assert move.would_breach is breaches


async def test_what_is_late_already_would_not_breach_once_more(bureau: Bureau) -> None:
    await triaged(bureau)
    bureau.clock.advance(5 * HOUR)
    [move] = (await against(bureau, SOONER)).moves
    assert (move.late_before, move.late_after, move.would_breach) == (True, True, False)


async def test_a_breach_on_record_stays_one_though_the_ticket_has_time_again(
    bureau: Bureau,
) -> None:
    """Lowered to low it is due on Wednesday; two hours would be late, which it was before."""
    await triaged(bureau)
    bureau.clock.advance(5 * HOUR)
    async with bureau.runtime.write() as desk:
        await fire_due(desk, limit=20)
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    [move] = (await against(bureau, ECOSIRE.replace('low = "2 business days"', 'low = "2h"'))).moves
    assert (move.is_earlier, move.late_after, move.would_breach) == (True, True, False)


async def test_without_a_severity_only_the_last_deadline_would_be_a_breach(bureau: Bureau) -> None:
    await bureau.says("It does not work")
    bureau.clock.advance(2 * HOUR)
    [alarm] = (await against(bureau, SOONER)).moves
    assert dues(alarm) == (MONDAY + 4 * HOUR, MONDAY + HOUR)
    assert alarm.would_breach is False

    all_soon = SOONER.replace('high = "8h"', 'high = "1h"', 1)
    all_soon = all_soon.replace('medium = "1 business day"  #', 'medium = "1h"  #')
    [late] = (await against(bureau, all_soon.replace('"2 business days"', '"1h"'))).moves
    assert late.would_breach is True


async def test_a_last_deadline_that_moves_alone_is_told_where_it_would_breach(
    bureau: Bureau,
) -> None:
    """The earliest stays, so nothing seems to move; but no severity would have any time left."""
    await bureau.says("It does not work")
    bureau.clock.advance(5 * HOUR)
    soon = ECOSIRE.replace('high = "8h"', 'high = "4h"', 1)
    soon = soon.replace('medium = "1 business day"  #', 'medium = "4h"  #')
    [move] = (await against(bureau, soon.replace('"2 business days"', '"4h"'))).moves
    assert told(move) == (False, False, True)


@pytest.mark.thorough
async def test_an_answer_closes_the_matter_and_the_next_promise_begins_anew(
    bureau: Bureau,
) -> None:
    """The answered first response is no longer told of; a further metric of the new version is."""
    await triaged(bureau)
    async with bureau.runtime.write() as desk:
        ticket = await ticket_by_key(desk, "ACME-1")
        await staff_wrote(desk, ticket, Staff(UserId("UDANA")), MONDAY + 2 * HOUR)
    more = f'{SOONER}\n[plans.standard.resolution]\ncritical = "8h"\n'
    [move] = (await against(bureau, more)).moves
    assert (move.clock.name, move.before) == ("resolution:1", None)
    assert dues(move) == (None, MONDAY + 8 * HOUR)
    assert told(move) == (True, False, False)


@pytest.mark.thorough
async def test_waiting_on_the_client_is_in_both(bureau: Bureau) -> None:
    """What is paused is never due, whatever its target; and waiting does not excuse an answer."""
    more = f'{SOONER}\n[plans.standard.resolution]\ncritical = "8h"\n'
    await triaged(bureau)
    async with bureau.runtime.write() as desk:
        await wait_on_client(desk, "ACME-1", UserId("UDANA"))
    found = await against(bureau, more)
    assert [move.clock.name for move in found.moves] == ["first_response:1"]


@pytest.mark.thorough
async def test_a_resolved_ticket_is_looked_at_until_somebody_has_written(bureau: Bureau) -> None:
    await triaged(bureau)
    async with bureau.runtime.write() as desk:
        await resolve(desk, "ACME-1", UserId("UDANA"), "Restarted it.")
    found = await against(bureau, SOONER)
    assert (found.looked_at, len(found.moves)) == (1, 1)
    async with bureau.runtime.write() as desk:
        ticket = await ticket_by_key(desk, "ACME-1")
        await staff_wrote(desk, ticket, Staff(UserId("UDANA")), MONDAY + HOUR)
    assert (await against(bureau, SOONER)).looked_at == 0


@pytest.mark.thorough
async def test_tickets_of_another_catalogue_are_named_and_left_alone(bureau: Bureau) -> None:
    await triaged(bureau)
    found = await against(bureau, SOONER, "ecotone")
    assert found == Comparison(looked_at=0, moves=(), misfits=(), elsewhere=("ecosire",))


@pytest.mark.thorough
async def test_a_plan_that_the_new_version_lacks_is_said_of_the_ticket_and_of_its_client(
    bureau: Bureau,
) -> None:
    await triaged(bureau)
    found = await against(bureau, ECOSIRE.replace("[plans.standard", "[plans.silver"))
    why = "is on “standard”, which the new file does not have"
    assert [(one.subject, one.client, misfit_words(one.why)) for one in found.misfits] == [
        ("ACME", "Acme", why),
        ("ACME-1", "Acme", why),
    ]
    assert found.moves == ()


@pytest.mark.thorough
async def test_a_severity_that_the_new_version_lacks_is_said(bureau: Bureau) -> None:
    """Even one that the ticket has no more: its part in the clocks cannot be told."""
    await triaged(bureau)
    async with bureau.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    renamed = ECOSIRE.replace("[severities.critical]", "[severities.urgent]")
    renamed = renamed.replace('{ critical = "urgent"', '{ urgent = "urgent"')
    [misfit] = (await against(bureau, renamed.replace("\ncritical =", "\nurgent ="))).misfits
    assert (misfit.subject, misfit_words(misfit.why)) == (
        "ACME-1",
        "has been “critical”, which the new file does not have",
    )


@pytest.fixture
async def negotiated(tmp_path: Path) -> AsyncIterator[Bureau]:
    """Acme on Standard, with high answered in 3 covered hours of the calendar `extended`."""
    clock = ManualTimeSource(MONDAY)
    async with open_runtime(settings(tmp_path), clock) as opened:
        async with opened.write() as desk:
            await desk.work.staff.put(DANA)
            terms = '[targets]\nhigh = { target = "3h covered", calendar = "extended" }\n'
            await add_client(
                desk, NewClient("Acme", "ACME", "standard", CHANNEL, None, None, terms)
            )
        yield Bureau(opened, clock)


@pytest.mark.thorough
async def test_an_agreements_own_terms_lie_over_the_new_version_as_well(
    negotiated: Bureau,
) -> None:
    """What the terms say stays; what they are silent on moves."""
    await triaged(negotiated, "high")
    assert (await against(negotiated, ECOSIRE.replace('high = "8h"', 'high = "1h"'))).moves == ()
    async with negotiated.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
    [move] = (await against(negotiated, SOONER)).moves
    assert dues(move) == (MONDAY + 4 * HOUR, MONDAY + HOUR)


@pytest.mark.thorough
async def test_terms_that_the_new_version_does_not_fit_are_said_with_their_faults(
    negotiated: Bureau,
) -> None:
    await triaged(negotiated, "high")
    renamed = ECOSIRE.replace("[calendars.extended]", "[calendars.long]")
    found = await against(negotiated, renamed.replace('"extended"', '"long"'))
    assert [one.subject for one in found.misfits] == ["ACME", "ACME-1"]
    assert misfit_words(found.misfits[1].why) == (
        "has terms of its own that the new file does not fit: its agreement: targets.high.calendar:"
        " there is no calendar 'extended'; choose business, long, every-day or always"
    )


@pytest.mark.thorough
async def test_nothing_of_it_is_written(bureau: Bureau) -> None:
    """Compared on a desk whose changes would be kept."""
    await triaged(bureau)
    bureau.clock.advance(2 * HOUR)
    async with bureau.runtime.read() as desk:
        before = await desk.work.clocks.of(TicketId(1)), await desk.work.history.of(TicketId(1))
    async with bureau.runtime.write() as desk:
        assert len((await held(desk, SOONER)).moves) == 1
    async with bureau.runtime.read() as desk:
        assert (
            await desk.work.clocks.of(TicketId(1)),
            await desk.work.history.of(TicketId(1)),
        ) == before


@pytest.mark.thorough
async def test_an_agreement_with_terms_binds_new_tickets_only(bureau: Bureau) -> None:
    """A ticket is pinned to the agreement version in force when it was opened."""
    await triaged(bureau)
    bureau.clock.advance(HOUR)
    async with bureau.runtime.write() as desk:
        client = await desk.work.clients.by_key_for_update("ACME")
        assert client is not None
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        assert agreement is not None
        terms = '[targets]\ncritical = "30m"\n'
        await desk.work.clients.agree(replace(agreement, effective_from=desk.now, terms=terms))
        message = ChannelMessage(
            ChannelId(CHANNEL), MessageTs.at(desk.now), None, UserId("UBOB"), "And this"
        )
        await receive_message(desk, message)
        await decide_severity(desk, "ACME-2", UserId("UDANA"), "critical")
        # Computed anew from its history, the first one still has the first agreement's.
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "high")
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
        rows = [(await desk.work.clocks.of(TicketId(ticket_id)))[0] for ticket_id in (1, 2)]
    assert [row.clock.deadline.due_at for row in rows] == [
        MONDAY + 4 * HOUR,
        MONDAY + HOUR + timedelta(minutes=30),
    ]
