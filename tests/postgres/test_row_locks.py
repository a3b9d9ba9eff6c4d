"""Tests of row locks on PostgreSQL: only transactions about the same client wait for each other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import DigestTimer, LadderTimer, Timer
from bot.domain.ids import TicketId
from bot.domain.operations.inbox import Delivery
from bot.errors import StoreTrouble
from storage.store import Store
from tests.storage.desk_rows import NOON, later, report, text_message
from tests.stores import server

SOON_SECONDS = 5.0
FROZEN_AFTER = timedelta(seconds=1)


async def deliver(store: Store, *deliveries: tuple[str, str]) -> None:
    async with store.write(NOON) as work:
        await work.inbox.put(*(Delivery(key, lane, {"key": key}) for key, lane in deliveries))


async def add_ticket_with_timers(store: Store, client_id: int, *minutes: float) -> TicketId:
    """Add a ticket of a client whose steps are due these numbers of minutes after noon."""
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report(client_id=client_id, agreement_id=client_id))
        rungs = [Rung(Step.DUE, later(minutes=minute)) for minute in minutes]
        await work.timers.add(ticket.id, [(f"update:{n}", rung) for n, rung in enumerate(rungs)])
        return ticket.id


def _tickets_of(timers: Sequence[Timer]) -> list[TicketId | None]:
    """Return the ticket of each timer, None for the digest."""
    assert all(isinstance(timer, LadderTimer | DigestTimer) for timer in timers)
    return [timer.ticket_id if isinstance(timer, LadderTimer) else None for timer in timers]


async def test_a_channel_is_handled_by_one_worker_at_a_time_and_other_channels_in_parallel(
    store: Store,
) -> None:
    await deliver(store, ("Ev1", "C0ACME"), ("Ev2", "C0ACME"))
    async with store.write(NOON) as first:
        assert [row.body["key"] for row in await first.inbox.claim(1)] == ["Ev1"]
        await deliver(store, ("Ev3", "C0GLOBEX"), ("Ev4", ""), ("Ev5", "C0ACME"))
        async with store.write(NOON) as second:
            assert [row.body["key"] for row in await second.inbox.claim(9)] == ["Ev3", "Ev4"]
            async with store.write(NOON) as third:
                assert await third.inbox.claim(9) == []
    async with store.write(NOON) as last:
        assert [row.body["key"] for row in await last.inbox.claim(9)][:2] == ["Ev1", "Ev2"]


async def test_a_second_writer_waits_and_reads_the_first_writers_result(
    store: Store,
) -> None:
    ticket_id = await add_ticket_with_timers(store, 1)

    async def append(letter: str) -> None:
        async with store.write(NOON) as work:
            ticket = await work.tickets.get_for_update(TicketId(ticket_id))
            await asyncio.sleep(0.02)
            await work.tickets.save(replace(ticket, summary=ticket.summary + letter))

    await asyncio.gather(*(append(letter) for letter in "!?.,"))
    async with store.read(NOON) as work:
        assert sorted(
            (await work.tickets.get_for_update(TicketId(ticket_id))).summary[-4:]
        ) == sorted("!?.,")


async def test_no_transaction_waits_for_another_clients(store: Store) -> None:
    acme, globex = await add_ticket_with_timers(store, 1), await add_ticket_with_timers(store, 2)
    async with store.write(NOON) as first:
        await first.tickets.get_for_update(TicketId(acme))
        async with asyncio.timeout(SOON_SECONDS), store.write(NOON) as second:
            await second.tickets.save(
                replace(await second.tickets.get_for_update(TicketId(globex)), summary="mended")
            )


async def test_two_claims_of_due_timers_split_them_by_client_and_the_digest_waits(
    store: Store,
) -> None:
    acme, globex = (
        await add_ticket_with_timers(store, 1, 0, 2),
        await add_ticket_with_timers(store, 2, 1),
    )
    async with store.write(NOON) as work:
        await work.timers.arm_digest(NOON)
    now = later(minutes=9)
    async with store.write(now) as first:
        assert _tickets_of(await first.timers.claim(now, 1)) == [acme]
        async with store.write(now) as second:
            assert _tickets_of(await second.timers.claim(now, 9)) == [globex]
    async with store.write(now) as work:
        assert _tickets_of(await work.timers.claim(now, 9)) == [acme, None]


async def test_a_claim_waits_for_due_timers_of_a_locked_client(store: Store) -> None:
    ticket_id = await add_ticket_with_timers(store, 1, 0)

    async def claim() -> list[TicketId | None]:
        async with store.write(NOON) as work:
            return _tickets_of(await work.timers.claim(NOON, 9))

    async with store.write(NOON) as work:
        await work.tickets.get_for_update(TicketId(ticket_id))
        claiming = asyncio.create_task(claim())
        await asyncio.sleep(0.05)
        assert not claiming.done()
    assert await claiming == [ticket_id]


async def test_a_process_frozen_in_a_transaction_loses_it_and_blocks_nobody(
    store: Store, url: str
) -> None:
    await deliver(store, ("Ev1", "C0ACME"))
    ticket_id = await add_ticket_with_timers(store, 1, 0)
    impatient, has_claimed = Store(url, frozen_after=FROZEN_AFTER), asyncio.Event()

    async def freeze() -> None:
        async with impatient.write(NOON) as frozen:
            [row] = await frozen.inbox.claim(9)
            assert await frozen.timers.claim(NOON, 9)
            has_claimed.set()
            await asyncio.sleep(3 * FROZEN_AFTER.total_seconds())
            await frozen.inbox.done((row.id, "too late"))

    freezing = asyncio.create_task(freeze())
    async with asyncio.timeout(SOON_SECONDS):
        await has_claimed.wait()
    async with asyncio.timeout(SOON_SECONDS), store.write(NOON) as other:
        assert _tickets_of(await other.timers.claim(NOON, 9)) == [ticket_id]
        assert [row.body["key"] for row in await other.inbox.claim(9)] == ["Ev1"]
    with pytest.raises(StoreTrouble):
        await freezing
    await impatient.close()
    async with store.read(NOON) as work:
        assert len(await work.inbox.waiting(9)) == 1


async def test_replicas_that_start_together_upgrade_once() -> None:
    async with server().empty() as url:
        replicas = [Store(url) for _ in range(3)]
        await asyncio.gather(*(replica.upgrade() for replica in replicas))
        for replica in replicas:
            await replica.close()


async def test_two_concurrent_claims_of_messages_take_different_channels(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(
            text_message("a1", "C1"), text_message("a2", "C1"), text_message("b1", "C2")
        )
    async with store.write(NOON) as first:
        [row] = await first.outbox.claim(later(seconds=9), (), 1)
        assert row.outgoing.key == "a1"
        async with asyncio.timeout(SOON_SECONDS), store.write(NOON) as second:
            rows = await second.outbox.claim(later(seconds=9), (), 9)
            assert [row.outgoing.key for row in rows] == ["b1"]
