"""Tests that each delivery of Slack is stored once, and worked in the order of its lane."""

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


async def test_an_event_is_stored_once_even_after_it_was_worked(store: Store) -> None:
    await put(store, ("Ev1", "C1"), ("Ev1", "C1"), ("Ev2", "C1"))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev1", "Ev2"]
    async with store.write(NOON) as work:
        await work.inbox.done(((await work.inbox.waiting(1))[0].id, "a new ticket"))
    await put(store, ("Ev1", "C1"))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev2"]


async def test_a_lane_waits_for_its_first_delivery_and_other_lanes_go_on(store: Store) -> None:
    await put(store, *[(f"Ev{number}", "C1") for number in range(9)], ("Ev9", "C2"))
    first = (await waiting(store))[0]
    async with store.write(NOON) as work:
        await work.inbox.again(first.id, later(seconds=2))

    assert [row.body["key"] for row in await waiting(store, limit=3)] == ["Ev9"]
    [again, *_] = await waiting(store, later(seconds=2))
    assert (again.body["key"], again.attempts) == ("Ev0", 1)


async def test_deliveries_before_a_waiting_delivery_are_not_held_up(store: Store) -> None:
    await put(store, ("Ev1", "C1"), ("Ev2", "C1"), ("Ev3", "C1"))
    rows = await waiting(store)
    async with store.write(NOON) as work:
        await work.inbox.again(rows[1].id, later(seconds=2))
    assert [row.body["key"] for row in await waiting(store)] == ["Ev1"]


async def test_a_message_is_recorded_once_per_ts_and_per_client_msg_id(store: Store) -> None:
    first = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000100"), None, UserId("U1"), "help", client_msg_id="a"
    )
    same_client_msg_id = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000200"), None, UserId("U1"), "help", client_msg_id="a"
    )
    other_channel = ChannelMessage(
        ChannelId("C2"), MessageTs.parse("1.000100"), None, UserId("U1"), "help", client_msg_id="a"
    )
    without_id = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000300"), None, UserId("U1"), "help"
    )
    another = ChannelMessage(
        ChannelId("C1"), MessageTs.parse("1.000400"), None, UserId("U1"), "help"
    )
    async with store.write(NOON) as work:
        messages = (first, first, same_client_msg_id, other_channel, without_id, another)
        recorded = [await work.messages.record(message, NOON) for message in messages]
    assert recorded == [True, False, False, True, True, True]


async def test_a_post_joins_the_ticket_of_the_same_persons_post_in_the_span(store: Store) -> None:
    async with store.write(NOON) as work:
        ticket = await work.tickets.add(report())
        message = ChannelMessage(
            ChannelId("C1"), MessageTs.parse("100.000000"), None, UserId("U1"), "help"
        )
        await work.messages.record(message, NOON)
        await work.messages.settle(message, Side.CLIENT, ticket.id, "a new ticket")
        questions = [
            ("U1", "100.000000", "150.000000", "150.000000"),
            ("U1", "100.000001", "150.000000", "200.000000"),
            ("U1", "050.000000", "100.000000", "100.000000"),
            ("U2", "100.000000", "150.000000", "200.000000"),
        ]
        joined = [
            await work.messages.joined_near(
                ChannelId("C1"), UserId(user), *map(MessageTs.parse, span)
            )
            for user, *span in questions
        ]
    assert joined == [ticket.id, None, None, None]


async def test_an_earlier_post_is_preferred_to_a_later_post(store: Store) -> None:
    async with store.write(NOON) as work:
        earlier, later = await work.tickets.add(report()), await work.tickets.add(report())
        for ts, ticket in (("100.000000", earlier), ("300.000000", later)):
            message = ChannelMessage(
                ChannelId("C1"), MessageTs.parse(ts), None, UserId("U1"), "help"
            )
            await work.messages.record(message, NOON)
            await work.messages.settle(message, Side.CLIENT, ticket.id, "a new ticket")
        spans = [("050.000000", "200.000000", "400.000000"), ("150.000000", "200.000000", "400")]
        joined = [
            await work.messages.joined_near(
                ChannelId("C1"), UserId("U1"), *map(MessageTs.parse, span)
            )
            for span in spans
        ]
    assert joined == [earlier.id, later.id]
