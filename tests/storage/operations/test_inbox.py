"""What Slack delivers is kept once and worked in order, lane by lane."""

from datetime import datetime

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.operations.inbox import Delivery, InboxRow
from bot.domain.ticket import Side
from bot.slack_ts import MessageTs
from storage.store import Store
from tests.storage.desk_rows import NOON, later, report


async def put(store: Store, *deliveries: tuple[str, str]) -> None:
    async with store.write(NOON) as work:
        await work.inbox.put(*(Delivery(key, lane, {"key": key}) for key, lane in deliveries))


async def waiting(store: Store, now: datetime = NOON, limit: int = 50) -> list[InboxRow]:
    async with store.read(now) as work:
        return await work.inbox.waiting(limit)


async def test_the_same_event_is_kept_once_even_after_it_was_worked(store: Store) -> None:
    await put(store, ("Ev1", "C1"), ("Ev1", "C1"), ("Ev2", "C1"))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev1", "Ev2"]
    async with store.write(NOON) as work:
        await work.inbox.done(((await work.inbox.waiting(1))[0].id, "a new ticket"))
    await put(store, ("Ev1", "C1"))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev2"]


async def test_a_lane_waits_for_its_first_and_the_others_do_not(store: Store) -> None:
    await put(store, *[(f"Ev{number}", "C1") for number in range(9)], ("Ev9", "C2"))
    first = (await waiting(store))[0]
    async with store.write(NOON) as work:
        await work.inbox.again(first.id, later(seconds=2))

    assert [row.body["key"] for row in await waiting(store, limit=3)] == ["Ev9"]
    [again, *_] = await waiting(store, later(seconds=2))
    assert (again.body["key"], again.attempts) == ("Ev0", 1)


async def test_what_came_before_the_one_that_waits_is_not_held_up(store: Store) -> None:
    await put(store, ("Ev1", "C1"), ("Ev2", "C1"), ("Ev3", "C1"))
    rows = await waiting(store)
    async with store.write(NOON) as work:
        await work.inbox.again(rows[1].id, later(seconds=2))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev1"]


async def test_a_message_is_on_record_once_by_its_ts_or_its_gesture(store: Store) -> None:
    first = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000100"), None, UserId("U1"), "help", client_msg_id="a"
    )
    same_gesture = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000200"), None, UserId("U1"), "help", client_msg_id="a"
    )
    elsewhere = ChannelMessage(
        ChannelId("C2"), MessageTs.parse("1.000100"), None, UserId("U1"), "help", client_msg_id="a"
    )
    without = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000300"), None, UserId("U1"), "help"
    )
    another = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000400"), None, UserId("U1"), "help"
    )
    async with store.write(NOON) as work:
        messages = (first, first, same_gesture, elsewhere, without, another)
        kept = [await work.messages.record(message, NOON) for message in messages]
    assert kept == [True, False, False, True, True, True]


async def test_the_newest_post_of_the_same_person_is_found_within_its_minutes(
    store: Store,
) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report())
        message = ChannelMessage(
            ChannelId("C1"), MessageTs.parse("100.000000"), None, UserId("U1"), "help"
        )
        await work.messages.record(message, NOON)
        await work.messages.settle(message, Side.CLIENT, ticket.id, "a new ticket")
        asked = [
            ("U1", "100.000000", "150.000000", "150.000000"),
            ("U1", "100.000001", "150.000000", "200.000000"),
            ("U1", "050.000000", "100.000000", "100.000000"),
            ("U2", "100.000000", "150.000000", "200.000000"),
        ]
        found = [
            await work.messages.joined_near(
                ChannelId("C1"), UserId(user), *map(MessageTs.parse, span)
            )
            for user, *span in asked
        ]
    assert found == [ticket.id, None, None, None]


async def test_a_post_before_goes_before_a_post_that_has_overtaken(store: Store) -> None:
    async with store.write(NOON) as work:
        earlier, later = await work.tickets.add(report()), await work.tickets.add(report())
        for ts, ticket in (("100.000000", earlier), ("300.000000", later)):
            message = ChannelMessage(
                ChannelId("C1"), MessageTs.parse(ts), None, UserId("U1"), "help"
            )
            await work.messages.record(message, NOON)
            await work.messages.settle(message, Side.CLIENT, ticket.id, "a new ticket")
        spans = [("050.000000", "200.000000", "400.000000"), ("150.000000", "200.000000", "400")]
        found = [
            await work.messages.joined_near(
                ChannelId("C1"), UserId("U1"), *map(MessageTs.parse, span)
            )
            for span in spans
        ]
    assert found == [earlier.id, later.id]
