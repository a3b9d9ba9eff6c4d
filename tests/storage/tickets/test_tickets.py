"""Tickets are numbered without gaps, and counted in the order of their opening."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.period import period_of
from bot.domain.ids import AgreementId, ClientId
from storage.store import Store
from tests.storage.desk_rows import NOON, later, report

MARCH = period_of(NOON, "UTC")


async def test_fifty_at_once_are_numbered_one_to_fifty(store: Store) -> None:
    async def open_one() -> str:
        async with store.write(NOON) as work:
            return (await work.tickets.add(report())).key

    keys = await asyncio.gather(*(open_one() for _ in range(50)))
    assert sorted(keys) == sorted(f"ACME-{number}" for number in range(1, 51))


async def test_each_client_has_its_own_numbers(store: Store) -> None:
    async with store.write(NOON) as work:
        globex = await work.clients.add("GLOBEX", "Globex", None)
        keys = [
            (await work.tickets.add(report(client_id=client_id))).key
            for client_id in (1, globex.id, 1, globex.id)
        ]
    assert keys == ["ACME-1", "GLOBEX-1", "ACME-2", "GLOBEX-2"]


async def test_a_ticket_found_late_takes_the_place_of_its_opening(store: Store) -> None:
    async with store.write(NOON) as work:
        second = await work.tickets.add(report(later(minutes=1)))
        first = await work.tickets.add(report(NOON))
        twin = await work.tickets.add(report(later(minutes=1)))
        places = [await work.tickets.position(one, MARCH) for one in (first, second, twin)]
        assert places == [1, 2, 3]


async def test_a_period_counts_from_its_first_instant_and_up_to_its_last(store: Store) -> None:
    tick = timedelta(microseconds=1)
    async with store.write(NOON) as work:
        for at in (MARCH.start - tick, MARCH.start, MARCH.end - tick, MARCH.end):
            await work.tickets.add(report(at))
        assert await work.tickets.used(ClientId(1), "standard", MARCH) == 2


async def test_an_instant_comes_back_to_the_microsecond(store: Store) -> None:
    instants = [
        datetime(2026, 3, 9, 12, 0, 0, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 9, 12, 0, 0, 123457, tzinfo=UTC),
    ]
    async with store.write(NOON) as work:
        added = [await work.tickets.add(report(at)) for at in instants]
    async with store.read(NOON) as work:
        assert [(await work.tickets.get_for_update(one.id)).opened_at for one in added] == instants


async def test_the_agreement_of_an_instant_is_the_one_in_force_then(store: Store) -> None:
    change = later(days=1)
    async with store.write(NOON) as work:
        await work.clients.agree(
            Agreement(AgreementId(0), ClientId(1), "ecosire", "priority", change, None, None)
        )
        at = [change - timedelta(microseconds=1), change, datetime(2000, 1, 1, tzinfo=UTC)]
        plans = [await work.clients.agreement_at(ClientId(1), instant) for instant in at]
    assert [one.plan_id for one in plans if one] == ["standard", "priority", "standard"]
