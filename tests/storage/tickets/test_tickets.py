"""Tests that tickets are numbered without gaps and counted in the order of their opening."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.period import period_of
from bot.domain.ids import AgreementId, ClientId
from storage.store import Store
from tests.storage.desk_rows import NOON, later, report

MARCH = period_of(NOON, "UTC")


async def test_fifty_simultaneous_tickets_are_numbered_without_gaps(store: Store) -> None:
    async def open_ticket() -> str:
        async with store.write(NOON) as work:
            return (await work.tickets.add(report())).key

    keys = await asyncio.gather(*(open_ticket() for _ in range(50)))
    assert sorted(keys) == sorted(f"ACME-{number}" for number in range(1, 51))


async def test_each_client_has_its_own_numbers(store: Store) -> None:
    async with store.write(NOON) as work:
        globex = await work.clients.add("GLOBEX", "Globex", None)
        keys = [
            (await work.tickets.add(report(client_id=client_id))).key
            for client_id in (1, globex.id, 1, globex.id)
        ]
    assert keys == ["ACME-1", "GLOBEX-1", "ACME-2", "GLOBEX-2"]


async def test_a_ticket_received_late_has_the_position_of_its_opening(store: Store) -> None:
    async with store.write(NOON) as work:
        second = await work.tickets.add(report(later(minutes=1)))
        first = await work.tickets.add(report(NOON))
        simultaneous = await work.tickets.add(report(later(minutes=1)))
        positions = [
            await work.tickets.position(ticket, MARCH) for ticket in (first, second, simultaneous)
        ]
        assert positions == [1, 2, 3]


async def test_a_billing_period_is_a_half_open_interval(store: Store) -> None:
    microsecond = timedelta(microseconds=1)
    async with store.write(NOON) as work:
        for at in (MARCH.start - microsecond, MARCH.start, MARCH.end - microsecond, MARCH.end):
            await work.tickets.add(report(at))
        assert await work.tickets.used(ClientId(1), "standard", MARCH) == 2


async def test_stored_instants_keep_their_microseconds(store: Store) -> None:
    instants = [
        datetime(2026, 3, 9, 12, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 9, 12, 0, 0, 123457, tzinfo=UTC),
    ]
    async with store.write(NOON) as work:
        added = [await work.tickets.add(report(at)) for at in instants]
    async with store.read(NOON) as work:
        assert [
            (await work.tickets.get_for_update(ticket.id)).opened_at for ticket in added
        ] == instants


async def test_the_agreement_at_an_instant_is_the_version_then_in_force(store: Store) -> None:
    change = later(days=1)
    async with store.write(NOON) as work:
        await work.clients.agree(
            Agreement(AgreementId(0), ClientId(1), "ecosire", "priority", change, None, None)
        )
        at = [change - timedelta(microseconds=1), change, datetime(2000, 1, 1, tzinfo=UTC)]
        agreements = [await work.clients.agreement_at(ClientId(1), instant) for instant in at]
    assert [agreement.plan_id for agreement in agreements if agreement] == [
        "standard",
        "priority",
        "standard",
    ]
