"""Tests the comparison of open tickets with a new version of a catalogue, which changes nothing."""

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
from tests.usecases.conftest import CHANNEL, MONDAY, Office, settings

ECOSIRE = load_catalog("ecosire").text
SOONER = ECOSIRE.replace('critical = "4h"', 'critical = "1h"')
LATER = ECOSIRE.replace('critical = "4h"', 'critical = "6h"')
HOUR = timedelta(hours=1)
DANA = StaffMember(UserId("UDANA"), Role.ENGINEER, "Dana")


async def compare(desk: Desk, text: str, name: str = "ecosire") -> Comparison:
    """Compare the open tickets of the catalogue `name` with a version whose text is `text`."""
    new = parse_catalog(text, name="new", source="new.toml")

    def as_agreed(plan_id: str, terms: str | None) -> Plan:
        if not terms:
            return new.plans[plan_id]
        return override_plan(new, plan_id, terms, source="its agreement")

    return await compare_open(desk, name, new, as_agreed)


async def compare_with(office: Office, text: str, name: str = "ecosire") -> Comparison:
    async with office.runtime.read() as desk:
        return await compare(desk, text, name)


async def add_triaged_ticket(office: Office, severity: str = "critical") -> None:
    """Open Acme's first ticket, on Monday at 10:00 in Karachi, and set its severity."""
    await office.post("It does not work")
    async with office.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), severity)


def due_times(move: Move) -> tuple[datetime | None, datetime | None]:
    clocks = (move.before, move.after)
    before, after = (clock.deadline.due_at if clock else None for clock in clocks)
    return before, after


def effects(move: Move) -> tuple[bool, bool, bool]:
    return move.is_earlier, move.is_later, move.would_breach


async def test_the_same_catalogue_moves_no_deadline(office: Office) -> None:
    await add_triaged_ticket(office)
    comparison = await compare_with(office, ECOSIRE)
    assert comparison == Comparison(looked_at=1, moves=(), misfits=(), elsewhere=())


async def test_a_shorter_target_moves_a_ticket_earlier(office: Office) -> None:
    await add_triaged_ticket(office)
    [move] = (await compare_with(office, SOONER)).moves
    assert (move.ticket.key, move.client, move.clock.name) == ("ACME-1", "Acme", "first_response:1")
    assert due_times(move) == (MONDAY + 4 * HOUR, MONDAY + HOUR)
    assert effects(move) == (True, False, False)


async def test_a_longer_target_moves_a_ticket_later(office: Office) -> None:
    await add_triaged_ticket(office)
    [move] = (await compare_with(office, LATER)).moves
    assert due_times(move) == (MONDAY + 4 * HOUR, MONDAY + 6 * HOUR)
    assert effects(move) == (False, True, False)


@pytest.mark.parametrize(
    ("passed", "breaches"), [(HOUR - timedelta(seconds=1), False), (HOUR, True)]
)
async def test_a_deadline_that_moves_into_the_past_would_breach(
    office: Office, passed: timedelta, breaches: bool
) -> None:
    await add_triaged_ticket(office)
    office.clock.advance(passed)
    [move] = (await compare_with(office, SOONER)).moves
    assert move.would_breach is breaches


async def test_an_overdue_ticket_would_not_breach_again(office: Office) -> None:
    await add_triaged_ticket(office)
    office.clock.advance(5 * HOUR)
    [move] = (await compare_with(office, SOONER)).moves
    assert (move.late_before, move.late_after, move.would_breach) == (True, True, False)


async def test_a_recorded_breach_would_not_be_recorded_again(office: Office) -> None:
    """As low it is due on Wednesday; a target of two hours would make it overdue again."""
    await add_triaged_ticket(office)
    office.clock.advance(5 * HOUR)
    async with office.runtime.write() as desk:
        await fire_due(desk, limit=20)
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    [move] = (
        await compare_with(office, ECOSIRE.replace('low = "2 business days"', 'low = "2h"'))
    ).moves
    assert (move.is_earlier, move.late_after, move.would_breach) == (True, True, False)


async def test_without_a_severity_only_the_last_deadline_would_breach(office: Office) -> None:
    await office.post("It does not work")
    office.clock.advance(2 * HOUR)
    [move] = (await compare_with(office, SOONER)).moves
    assert due_times(move) == (MONDAY + 4 * HOUR, MONDAY + HOUR)
    assert move.would_breach is False

    all_soon = SOONER.replace('high = "8h"', 'high = "1h"', 1)
    all_soon = all_soon.replace('medium = "1 business day"  #', 'medium = "1h"  #')
    [move] = (await compare_with(office, all_soon.replace('"2 business days"', '"1h"'))).moves
    assert move.would_breach is True


async def test_a_last_deadline_that_moves_alone_is_reported_if_it_would_breach(
    office: Office,
) -> None:
    """The earliest deadline stays, but no severity would have any time left."""
    await office.post("It does not work")
    office.clock.advance(5 * HOUR)
    soon = ECOSIRE.replace('high = "8h"', 'high = "4h"', 1)
    soon = soon.replace('medium = "1 business day"  #', 'medium = "4h"  #')
    [move] = (await compare_with(office, soon.replace('"2 business days"', '"4h"'))).moves
    assert effects(move) == (False, False, True)


@pytest.mark.thorough
async def test_a_met_target_is_not_compared_but_a_new_metric_is(office: Office) -> None:
    """The first response was given; the new version adds a resolution target."""
    await add_triaged_ticket(office)
    async with office.runtime.write() as desk:
        ticket = await ticket_by_key(desk, "ACME-1")
        await staff_wrote(desk, ticket, Staff(UserId("UDANA")), MONDAY + 2 * HOUR)
    more = f'{SOONER}\n[plans.standard.resolution]\ncritical = "8h"\n'
    [move] = (await compare_with(office, more)).moves
    assert (move.clock.name, move.before) == ("resolution:1", None)
    assert due_times(move) == (None, MONDAY + 8 * HOUR)
    assert effects(move) == (True, False, False)


@pytest.mark.thorough
async def test_a_pause_for_the_client_applies_to_both_versions(office: Office) -> None:
    """Waiting pauses the resolution clock in both versions, but not the first response."""
    more = f'{SOONER}\n[plans.standard.resolution]\ncritical = "8h"\n'
    await add_triaged_ticket(office)
    async with office.runtime.write() as desk:
        await wait_on_client(desk, "ACME-1", UserId("UDANA"))
    comparison = await compare_with(office, more)
    assert [move.clock.name for move in comparison.moves] == ["first_response:1"]


@pytest.mark.thorough
async def test_a_resolved_ticket_is_compared_until_its_first_response(office: Office) -> None:
    await add_triaged_ticket(office)
    async with office.runtime.write() as desk:
        await resolve(desk, "ACME-1", UserId("UDANA"), "Restarted it.")
    comparison = await compare_with(office, SOONER)
    assert (comparison.looked_at, len(comparison.moves)) == (1, 1)
    async with office.runtime.write() as desk:
        ticket = await ticket_by_key(desk, "ACME-1")
        await staff_wrote(desk, ticket, Staff(UserId("UDANA")), MONDAY + HOUR)
    assert (await compare_with(office, SOONER)).looked_at == 0


@pytest.mark.thorough
async def test_other_catalogues_are_named_but_not_compared(office: Office) -> None:
    await add_triaged_ticket(office)
    comparison = await compare_with(office, SOONER, "ecotone")
    assert comparison == Comparison(looked_at=0, moves=(), misfits=(), elsewhere=("ecosire",))


@pytest.mark.thorough
async def test_a_plan_that_the_new_version_lacks_is_reported_for_client_and_ticket(
    office: Office,
) -> None:
    await add_triaged_ticket(office)
    comparison = await compare_with(office, ECOSIRE.replace("[plans.standard", "[plans.silver"))
    why = "is on “standard”, which the new file does not have"
    assert [
        (misfit.subject, misfit.client, misfit_words(misfit.why)) for misfit in comparison.misfits
    ] == [
        ("ACME", "Acme", why),
        ("ACME-1", "Acme", why),
    ]
    assert comparison.moves == ()


@pytest.mark.thorough
async def test_a_severity_that_the_new_version_lacks_is_reported(office: Office) -> None:
    """A former severity counts too: without it the ticket's clocks cannot be computed."""
    await add_triaged_ticket(office)
    async with office.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "low")
    renamed = ECOSIRE.replace("[severities.critical]", "[severities.urgent]")
    renamed = renamed.replace('{ critical = "urgent"', '{ urgent = "urgent"')
    [misfit] = (await compare_with(office, renamed.replace("\ncritical =", "\nurgent ="))).misfits
    assert (misfit.subject, misfit_words(misfit.why)) == (
        "ACME-1",
        "has been “critical”, which the new file does not have",
    )


@pytest.fixture
async def office_with_terms(tmp_path: Path) -> AsyncIterator[Office]:
    """Return an office whose terms with Acme answer high in 3 hours of the calendar `extended`."""
    clock = ManualTimeSource(MONDAY)
    async with open_runtime(settings(tmp_path), clock) as opened:
        async with opened.write() as desk:
            await desk.work.staff.put(DANA)
            terms = '[targets]\nhigh = { target = "3h covered", calendar = "extended" }\n'
            await add_client(
                desk, NewClient("Acme", "ACME", "standard", CHANNEL, None, None, terms)
            )
        yield Office(opened, clock)


@pytest.mark.thorough
async def test_custom_terms_apply_to_the_new_version_too(office_with_terms: Office) -> None:
    """A target in the terms stays, and a target that they do not name moves."""
    await add_triaged_ticket(office_with_terms, "high")
    assert (
        await compare_with(office_with_terms, ECOSIRE.replace('high = "8h"', 'high = "1h"'))
    ).moves == ()
    async with office_with_terms.runtime.write() as desk:
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
    [move] = (await compare_with(office_with_terms, SOONER)).moves
    assert due_times(move) == (MONDAY + 4 * HOUR, MONDAY + HOUR)


@pytest.mark.thorough
async def test_terms_that_do_not_fit_the_new_version_are_reported_with_their_errors(
    office_with_terms: Office,
) -> None:
    await add_triaged_ticket(office_with_terms, "high")
    renamed = ECOSIRE.replace("[calendars.extended]", "[calendars.long]")
    comparison = await compare_with(office_with_terms, renamed.replace('"extended"', '"long"'))
    assert [misfit.subject for misfit in comparison.misfits] == ["ACME", "ACME-1"]
    assert misfit_words(comparison.misfits[1].why) == (
        "has terms of its own that the new file does not fit: its agreement: targets.high.calendar:"
        " there is no calendar 'extended'; choose business, long, every-day or always"
    )


@pytest.mark.thorough
async def test_a_comparison_writes_nothing(office: Office) -> None:
    """The comparison runs here in a transaction that would commit its changes."""
    await add_triaged_ticket(office)
    office.clock.advance(2 * HOUR)
    async with office.runtime.read() as desk:
        before = await desk.work.clocks.of(TicketId(1)), await desk.work.history.of(TicketId(1))
    async with office.runtime.write() as desk:
        assert len((await compare(desk, SOONER)).moves) == 1
    async with office.runtime.read() as desk:
        assert (
            await desk.work.clocks.of(TicketId(1)),
            await desk.work.history.of(TicketId(1)),
        ) == before


@pytest.mark.thorough
async def test_an_agreement_with_terms_binds_new_tickets_only(office: Office) -> None:
    """A ticket is pinned to the agreement version in force when it was opened."""
    await add_triaged_ticket(office)
    office.clock.advance(HOUR)
    async with office.runtime.write() as desk:
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
        # Recomputed from its history, ACME-1 still has the first agreement's target.
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "high")
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
        rows = [(await desk.work.clocks.of(TicketId(ticket_id)))[0] for ticket_id in (1, 2)]
    assert [row.clock.deadline.due_at for row in rows] == [
        MONDAY + 4 * HOUR,
        MONDAY + HOUR + timedelta(minutes=30),
    ]
