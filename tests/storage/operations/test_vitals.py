"""Tests the size and age of the backlog, and the write that checks whether the store works."""

from datetime import timedelta

from bot.domain.operations.backlog import Backlog
from bot.domain.operations.inbox import Delivery
from bot.slack_ts import MessageTs
from storage.store import Store
from tests.storage.desk_rows import NOON, later, text_message


async def backlog(store: Store, **after: float) -> Backlog:
    async with store.read(NOON + timedelta(**after)) as work:
        return await work.vitals.backlog()


async def test_an_empty_desk_has_no_backlog(store: Store) -> None:
    assert await backlog(store) == Backlog(0, None, 0, None, 0, None)


async def test_the_backlog_counts_rows_and_gives_the_oldest_instant(store: Store) -> None:
    for minutes in (0, 1):
        async with store.write(later(minutes=minutes)) as work:
            await work.inbox.put(Delivery(f"Ev{minutes}", "C1", {}))
            await work.outbox.say(text_message(f"one:{minutes}", "C1"))
            await work.timers.arm_digest(later(minutes=30))
    assert await backlog(store, minutes=2) == Backlog(2, NOON, 2, NOON, 0, None)
    assert await backlog(store, minutes=30) == Backlog(2, NOON, 2, NOON, 1, later(minutes=30))

    async with store.write(later(minutes=2)) as work:
        await work.inbox.done(((await work.inbox.waiting(1))[0].id, "worked"))
        [row] = await work.outbox.claim(later(minutes=3), set(), 1)
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    current = await backlog(store, minutes=2)
    assert (current.deliveries, current.delivered_at) == (1, later(minutes=1))
    assert (current.owed, current.owed_since) == (1, later(minutes=1))


async def test_repeated_pulses_keep_a_single_row(store: Store) -> None:
    for minutes in (0, 1, 2):
        async with store.write(later(minutes=minutes)) as work:
            await work.vitals.pulse()
            assert not await work.idempotency.claim("pulse", "", "", NOON)
