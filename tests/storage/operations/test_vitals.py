"""How much waits in the store, and since when; and a write that tells whether anything is kept."""

from datetime import timedelta

from bot.domain.operations.backlog import Backlog
from bot.domain.operations.inbox import Delivery
from bot.slack_ts import MessageTs
from storage.store import Store
from tests.storage.desk_rows import NOON, later, words


async def backlog(store: Store, **after: float) -> Backlog:
    async with store.read(NOON + timedelta(**after)) as work:
        return await work.vitals.backlog()


async def test_an_empty_desk_owes_nothing(store: Store) -> None:
    assert await backlog(store) == Backlog(0, None, 0, None, 0, None)


async def test_what_waits_is_counted_with_the_instant_of_the_oldest(store: Store) -> None:
    for minutes in (0, 1):
        async with store.write(later(minutes=minutes)) as work:
            await work.inbox.put(Delivery(f"Ev{minutes}", "C1", {}))
            await work.outbox.say(words(f"one:{minutes}", "C1"))
            await work.timers.arm_digest(later(minutes=30))
    assert await backlog(store, minutes=2) == Backlog(2, NOON, 2, NOON, 0, None)
    assert await backlog(store, minutes=30) == Backlog(2, NOON, 2, NOON, 1, later(minutes=30))

    async with store.write(later(minutes=2)) as work:
        await work.inbox.done(((await work.inbox.waiting(1))[0].id, "worked"))
        [row] = await work.outbox.claim(later(minutes=3), set(), 1)
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    told = await backlog(store, minutes=2)
    assert (told.deliveries, told.delivered_at) == (1, later(minutes=1))
    assert (told.owed, told.owed_since) == (1, later(minutes=1))


async def test_a_pulse_is_one_row_however_often_it_beats(store: Store) -> None:
    for minutes in (0, 1, 2):
        async with store.write(later(minutes=minutes)) as work:
            await work.vitals.pulse()
            assert not await work.idempotency.claim("pulse", "", "", NOON)
