"""Tests the outbox: each message is sent once, in the order of its channel, and none is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.outbox_row import OutboxRow
from bot.ports.operations import Outbox
from bot.slack_ts import MessageTs
from storage.store import Store
from tests.storage.desk_rows import NOON, claim, claim_keys, later, text_message


async def add_messages(store: Store, *messages: tuple[str, str]) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(*(text_message(key, channel) for key, channel in messages))


async def backlog(store: Store) -> int:
    async with store.read(NOON) as work:
        return await work.outbox.backlog()


async def test_a_key_is_stored_once_even_after_the_message_was_sent(store: Store) -> None:
    await add_messages(store, ("a", "C1"), ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    await add_messages(store, ("a", "C1"))
    assert await backlog(store) == 0


async def test_each_channel_has_a_single_message_in_progress_oldest_first(store: Store) -> None:
    await add_messages(store, ("a1", "C1"), ("a2", "C1"), ("b1", "C2"), ("b2", "C2"))
    rows = await claim(store)
    assert [row.outgoing.key for row in rows] == ["a1", "b1"]
    assert await claim_keys(store) == []
    async with store.write(NOON) as work:
        await work.outbox.sent(rows[0], "C1", MessageTs.parse("1.0"))
    assert await claim_keys(store) == ["a2"]


async def test_the_outbox_is_ready_only_if_a_message_can_be_claimed(store: Store) -> None:
    async def is_ready(*resting: str) -> bool:
        async with store.read(NOON) as work:
            return await work.outbox.is_ready(resting)

    assert not await is_ready()
    await add_messages(store, ("a1", "C1"), ("a2", "C1"))
    assert await is_ready()
    assert not await is_ready("C1")
    await claim(store)
    assert not await is_ready()


async def test_messages_of_a_resting_channel_are_not_claimed(store: Store) -> None:
    await add_messages(store, ("a1", "C1"), ("b1", "C2"))
    rows = await claim(store, resting=frozenset({"C1"}))
    assert [row.outgoing.key for row in rows] == ["b1"]


async def test_concurrent_claims_get_different_messages(store: Store) -> None:
    await add_messages(store, *[(f"key{number}", f"C{number}") for number in range(20)])
    other = Store(store.url)
    claimed = await asyncio.gather(*(claim_keys(by) for by in (store, other) for _ in range(5)))
    await other.close()
    keys = [key for batch in claimed for key in batch]
    assert sorted(keys) == sorted(f"key{number}" for number in range(20))


async def test_a_delayed_message_holds_up_its_channel_until_it_is_retried(store: Store) -> None:
    await add_messages(store, ("a1", "C1"), ("a2", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.again(row, later(seconds=30), "ratelimited")
    assert await claim_keys(store, later(seconds=29)) == []
    assert await claim_keys(store, later(seconds=30)) == ["a1"]


async def test_a_failed_message_is_parked_and_the_next_message_is_claimed(store: Store) -> None:
    await add_messages(store, ("a1", "C1"), ("a2", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.failed(row, "is_archived")
        await work.outbox.refresh("a1")
    assert await claim_keys(store) == ["a2"]


async def test_several_changes_of_a_card_need_a_single_update(store: Store) -> None:
    await add_messages(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
        for _ in range(3):
            await work.outbox.refresh("card")
    [update] = await claim(store)
    assert (update.sent_channel, str(update.sent_ts), update.doubtful) == ("C1", "1.0", False)
    async with store.write(NOON) as work:
        await work.outbox.sent(update, "C1", MessageTs.parse("1.0"))
    assert await backlog(store) == 0


async def test_a_change_during_the_call_is_sent_after_it(store: Store) -> None:
    await add_messages(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.refresh("card")
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    assert await claim_keys(store) == ["card"]


async def test_a_change_of_an_uncertain_card_is_sent_after_the_card_is_found(store: Store) -> None:
    """Slack has the card as it was sent, not as it is now."""
    await add_messages(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.refresh("card")
        await work.outbox.doubt(row, NOON, "no clear answer")
    [doubtful] = await claim(store)
    assert doubtful.doubtful
    async with store.write(NOON) as work:
        await work.outbox.sent(doubtful, "C1", MessageTs.parse("1.0"))
    [update] = await claim(store)
    assert (update.sent_ts, update.doubtful) == (MessageTs.parse("1.0"), False)


async def test_an_uncertain_message_is_looked_up_twice_before_it_is_sent_again(
    store: Store,
) -> None:
    await add_messages(store, ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.doubt(row, later(seconds=3), "no clear answer")
    assert await claim_keys(store, later(seconds=2)) == []
    for seconds in (3, 6):
        [again] = await claim(store, later(seconds=seconds))
        assert again.doubtful
        async with store.write(NOON) as work:
            await work.outbox.not_found(again, later(seconds=seconds + 3))
    [resent] = await claim(store, later(seconds=9))
    assert not resent.doubtful


async def test_a_message_lost_again_is_looked_up_twice_again(store: Store) -> None:
    """The process dies during the second attempt, so the uncertain outcome is not recorded."""
    await add_messages(store, ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.doubt(row, NOON, "no clear answer")
    doubtful = []
    for _ in range(6):
        [again] = await claim(store)
        doubtful.append(again.doubtful)
        async with store.write(NOON) as work:
            if again.doubtful:
                await work.outbox.not_found(again, NOON)
            else:
                await work.outbox.release_leases()
    assert doubtful == [True, True, False, True, True, False]


async def test_after_its_lease_a_message_can_be_claimed_and_is_uncertain(store: Store) -> None:
    await add_messages(store, ("a", "C1"))
    await claim(store)
    assert await claim(store, later(seconds=29.999999)) == []
    [again] = await claim(store, later(seconds=30))
    assert again.doubtful


async def test_released_leases_do_not_shorten_the_delay_of_a_message(store: Store) -> None:
    await add_messages(store, ("a", "C1"), ("b", "C2"))
    _, delayed = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.again(delayed, later(seconds=30), "ratelimited")
        await work.outbox.release_leases()
    [again] = await claim(store)
    assert (again.outgoing.key, again.doubtful) == ("a", True)


async def test_an_interrupted_update_is_repeated_without_a_lookup(store: Store) -> None:
    await add_messages(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
        await work.outbox.refresh("card")
    await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.release_leases()
    [again] = await claim(store)
    assert (again.sent_ts, again.doubtful) == (MessageTs.parse("1.0"), False)


async def test_a_message_goes_into_the_thread_of_its_parent_message(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(text_message("card", "C1"), text_message("ping", "C1", under="card"))
    [card] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(card, "C1", MessageTs.parse("7.000100"))
    [ping] = await claim(store)
    assert ping.thread_ts == MessageTs.parse("7.000100")


OUTCOMES: dict[str, Callable[[Outbox, OutboxRow], Awaitable[bool]]] = {
    "it stands in Slack": lambda outbox, row: outbox.sent(row, "C1", MessageTs.parse("1.0")),
    "there is nothing to say": lambda outbox, row: outbox.nothing_to_say(row),
    "the answer was lost": lambda outbox, row: outbox.doubt(row, NOON, "no clear answer"),
    "it is not there": lambda outbox, row: outbox.not_found(row, NOON),
    "it was not taken": lambda outbox, row: outbox.again(row, NOON, "ratelimited"),
    "it is refused": lambda outbox, row: outbox.failed(row, "is_archived"),
}


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=list(OUTCOMES))
async def test_the_outcome_of_a_superseded_claim_is_refused(
    store: Store, outcome: Callable[[Outbox, OutboxRow], Awaitable[bool]]
) -> None:
    await add_messages(store, ("a", "C1"))
    [stale] = await claim(store)
    [current] = await claim(store, later(seconds=30))
    async with store.write(later(seconds=31)) as work:
        assert not await outcome(work.outbox, stale)
    assert await claim(store, later(seconds=59)) == []
    async with store.write(later(seconds=59)) as work:
        assert await outcome(work.outbox, current)


async def test_the_place_of_a_message_is_known_after_it_is_sent(store: Store) -> None:
    await add_messages(store, ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        assert await work.outbox.place("a") is None
        await work.outbox.sent(row, "D1", MessageTs.parse("1.0"))
        assert await work.outbox.place("a") == ("D1", MessageTs.parse("1.0"))
        assert await work.outbox.place("b") is None


async def test_an_uploaded_file_counts_as_sent_though_slack_gives_no_ts(store: Store) -> None:
    await add_messages(store, ("file", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", None)
        await work.outbox.refresh("file")
        assert await work.outbox.place("file") is None
    [again] = await claim(store)
    assert (again.is_sent, again.sent_ts, again.doubtful) == (True, None, False)
