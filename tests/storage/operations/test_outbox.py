"""The outbox: each thing once, in order per channel, and nothing owed forgotten."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.outbox_row import OutboxRow
from bot.ports.operations import Outbox
from bot.slack_ts import MessageTs
from storage.store import Store
from tests.storage.desk_rows import NOON, claim, claim_keys, later, words


async def say(store: Store, *messages: tuple[str, str]) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(*(words(key, channel) for key, channel in messages))


async def backlog(store: Store) -> int:
    async with store.read(NOON) as work:
        return await work.outbox.backlog()


async def test_the_same_thing_is_owed_once_even_after_it_was_said(store: Store) -> None:
    await say(store, ("a", "C1"), ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    await say(store, ("a", "C1"))
    assert await backlog(store) == 0


async def test_one_message_a_channel_is_under_way_oldest_first(store: Store) -> None:
    await say(store, ("a1", "C1"), ("a2", "C1"), ("b1", "C2"), ("b2", "C2"))
    rows = await claim(store)
    assert [row.outgoing.key for row in rows] == ["a1", "b1"]
    assert await claim_keys(store) == []
    async with store.write(NOON) as work:
        await work.outbox.sent(rows[0], "C1", MessageTs.parse("1.0"))
    assert await claim_keys(store) == ["a2"]


async def test_it_is_known_whether_there_is_anything_to_claim(store: Store) -> None:
    async def is_ready(*resting: str) -> bool:
        async with store.read(NOON) as work:
            return await work.outbox.is_ready(resting)

    assert not await is_ready()
    await say(store, ("a1", "C1"), ("a2", "C1"))
    assert await is_ready()
    assert not await is_ready("C1")
    await claim(store)
    assert not await is_ready()


async def test_a_channel_that_rests_is_left_alone(store: Store) -> None:
    await say(store, ("a1", "C1"), ("b1", "C2"))
    rows = await claim(store, resting=frozenset({"C1"}))
    assert [row.outgoing.key for row in rows] == ["b1"]


async def test_two_that_claim_at_once_get_different_messages(store: Store) -> None:
    await say(store, *[(f"key{number}", f"C{number}") for number in range(20)])
    other = Store(store.url)
    claimed = await asyncio.gather(*(claim_keys(by) for by in (store, other) for _ in range(5)))
    await other.close()
    keys = [key for batch in claimed for key in batch]
    assert sorted(keys) == sorted(f"key{number}" for number in range(20))


async def test_what_is_to_be_tried_later_holds_up_its_channel_until_then(store: Store) -> None:
    await say(store, ("a1", "C1"), ("a2", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.again(row, later(seconds=30), "ratelimited")
    assert await claim_keys(store, later(seconds=29)) == []
    assert await claim_keys(store, later(seconds=30)) == ["a1"]


async def test_a_failed_message_is_parked_and_the_next_goes(store: Store) -> None:
    await say(store, ("a1", "C1"), ("a2", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.failed(row, "is_archived")
        await work.outbox.refresh("a1")
    assert await claim_keys(store) == ["a2"]


async def test_changes_of_a_card_collapse_into_the_last(store: Store) -> None:
    await say(store, ("card", "C1"))
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


async def test_a_change_asked_for_during_the_call_is_shown_after_it(store: Store) -> None:
    await say(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.refresh("card")
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
    assert await claim_keys(store) == ["card"]


async def test_a_change_asked_for_while_in_doubt_is_shown_once_it_is_found(store: Store) -> None:
    """What stands in Slack is the card as it was sent, not as it is now."""
    await say(store, ("card", "C1"))
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


async def test_what_is_in_doubt_is_looked_up_twice_before_it_is_said_again(store: Store) -> None:
    await say(store, ("a", "C1"))
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


async def test_what_is_said_again_and_lost_again_is_looked_up_twice_again(store: Store) -> None:
    """Here the process dies during the second attempt, so that nobody records the doubt."""
    await say(store, ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.doubt(row, NOON, "no clear answer")
    doubts = []
    for _ in range(6):
        [again] = await claim(store)
        doubts.append(again.doubtful)
        async with store.write(NOON) as work:
            if again.doubtful:
                await work.outbox.not_found(again, NOON)
            else:
                await work.outbox.release_leases()
    assert doubts == [True, True, False, True, True, False]


async def test_a_lease_keeps_others_away_until_it_ends_and_then_there_is_doubt(
    store: Store,
) -> None:
    await say(store, ("a", "C1"))
    await claim(store)
    assert await claim(store, later(seconds=29.999999)) == []
    [again] = await claim(store, later(seconds=30))
    assert again.doubtful


async def test_the_leases_of_a_dead_process_are_released_and_not_its_waiting_times(
    store: Store,
) -> None:
    await say(store, ("a", "C1"), ("b", "C2"))
    _, waits = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.again(waits, later(seconds=30), "ratelimited")
        await work.outbox.release_leases()
    [again] = await claim(store)
    assert (again.outgoing.key, again.doubtful) == ("a", True)


async def test_an_update_that_was_cut_off_is_made_again_without_a_look(store: Store) -> None:
    await say(store, ("card", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", MessageTs.parse("1.0"))
        await work.outbox.refresh("card")
    await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.release_leases()
    [again] = await claim(store)
    assert (again.sent_ts, again.doubtful) == (MessageTs.parse("1.0"), False)


async def test_a_message_goes_into_the_thread_of_the_one_it_stands_under(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(words("card", "C1"), words("ping", "C1", under="card"))
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
async def test_what_came_of_a_claim_is_kept_only_until_somebody_makes_the_next(
    store: Store, outcome: Callable[[Outbox, OutboxRow], Awaitable[bool]]
) -> None:
    await say(store, ("a", "C1"))
    [frozen] = await claim(store)
    [current] = await claim(store, later(seconds=30))
    async with store.write(later(seconds=31)) as work:
        assert not await outcome(work.outbox, frozen)
    assert await claim(store, later(seconds=59)) == []
    async with store.write(later(seconds=59)) as work:
        assert await outcome(work.outbox, current)


async def test_it_is_known_where_a_message_stands_once_it_does(store: Store) -> None:
    await say(store, ("a", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        assert await work.outbox.place("a") is None
        await work.outbox.sent(row, "D1", MessageTs.parse("1.0"))
        assert await work.outbox.place("a") == ("D1", MessageTs.parse("1.0"))
        assert await work.outbox.place("b") is None


async def test_an_uploaded_file_counts_as_sent_though_slack_gives_no_ts(store: Store) -> None:
    await say(store, ("file", "C1"))
    [row] = await claim(store)
    async with store.write(NOON) as work:
        await work.outbox.sent(row, "C1", None)
        await work.outbox.refresh("file")
        assert await work.outbox.place("file") is None
    [again] = await claim(store)
    assert (again.is_sent, again.sent_ts, again.doubtful) == (True, None, False)
