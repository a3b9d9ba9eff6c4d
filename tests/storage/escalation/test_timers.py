"""Tests that each due timer is claimed once."""

import asyncio

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import LadderTimer
from bot.domain.ids import TicketId
from storage.store import Store
from tests.storage.desk_rows import NOON, later, report


async def arm(store: Store, *minutes: float) -> TicketId:
    """Add a ticket with a step at each number of minutes after noon."""
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report())
        rungs = [Rung(Step.DUE, later(minutes=minute)) for minute in minutes]
        await work.timers.add(ticket.id, [(f"update:{n}", rung) for n, rung in enumerate(rungs)])
        return ticket.id


async def test_concurrent_claims_get_each_due_timer_once(store: Store) -> None:
    for _ in range(10):
        await arm(store, *[0] * 10)
    other = Store(store.url)

    async def claim(by: Store) -> list[int]:
        async with by.write(NOON) as work:
            return [timer.id for timer in await work.timers.claim(NOON, 7)]

    batches = await asyncio.gather(*(claim(by) for by in (store, other) for _ in range(10)))
    await other.close()
    claimed = [timer_id for batch in batches for timer_id in batch]
    assert len(claimed) == len(set(claimed)) == 100


async def test_a_timer_is_due_at_its_instant_and_not_before(store: Store) -> None:
    await arm(store, 1)
    async with store.write(NOON) as work:
        assert await work.timers.claim(later(seconds=59.999999), 10) == []
        [timer] = await work.timers.claim(later(minutes=1), 10)
        assert isinstance(timer, LadderTimer)
        assert (timer.due_at, timer.step) == (later(minutes=1), Step.DUE)
        assert await work.timers.claim(later(minutes=1), 10) == []


async def test_a_timer_is_due_again_after_its_claim_is_rolled_back(store: Store) -> None:
    await arm(store, 0)
    async with store.read(NOON) as work:
        assert len(await work.timers.claim(NOON, 10)) == 1
    async with store.write(NOON) as work:
        assert len(await work.timers.claim(NOON, 10)) == 1


async def test_the_oldest_timers_are_claimed_first_unless_skipped(store: Store) -> None:
    await arm(store, 3, 1, 2)
    async with store.write(NOON) as work:
        [skipped] = await work.timers.claim(later(minutes=9), 1, skip=1)
        rest = await work.timers.claim(later(minutes=9), 9)
    assert skipped.due_at == later(minutes=2)
    assert [timer.due_at for timer in rest] == [later(minutes=1), later(minutes=3)]


async def test_arming_replaces_waiting_timers_and_keeps_fired_timers(store: Store) -> None:
    ticket_id = await arm(store, 0, 5)
    async with store.write(NOON) as work:
        assert len(await work.timers.claim(NOON, 10)) == 1
        fired = ("update:0", Rung(Step.DUE, NOON))
        stored = (await work.timers.of_each([ticket_id]))[ticket_id]
        rungs = [fired, ("update:1", Rung(Step.DUE, later(minutes=7)))]
        await work.timers.arm(ticket_id, rungs, stored)
        assert await work.timers.next_due() == later(minutes=7)
        assert work.timers.soonest == later(minutes=7)
        stored = (await work.timers.of_each([ticket_id]))[ticket_id]
        await work.timers.arm(ticket_id, [fired], stored)
        assert await work.timers.next_due() is None


async def test_arming_the_digest_again_replaces_its_timer(store: Store) -> None:
    await arm(store, 0)
    async with store.write(NOON) as work:
        await work.timers.arm_digest(later(hours=1))
        await work.timers.arm_digest(later(hours=2))
        assert await work.timers.digest_due() == later(hours=2)
        assert len(await work.timers.claim(later(hours=9), 10)) == 2


async def test_an_idempotency_key_is_claimed_once(store: Store) -> None:
    async def begin() -> bool:
        async with store.write(NOON) as work:
            return await work.idempotency.claim("digest", "C0MANAGERS", "2026-03-09", NOON)

    assert sum(await asyncio.gather(*(begin() for _ in range(10)))) == 1
