"""Slack delivers at least once, in any order; a delivery can be unreadable."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.operations.inbox import Delivery
from bot.sandbox import Fault
from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.both_stores(thorough="postgresql")


async def test_a_repeated_event_has_no_effect(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        seen = len(tale.sandbox.all_messages())
        history = await tale.history("ACME-1")

        for _ in range(3):
            tale.sandbox.redeliver_last()
            await tale.settle()

        assert list(await tale.tickets()) == ["ACME-1"]
        assert len(tale.sandbox.all_messages()) == seen
        assert await tale.history("ACME-1") == history
        assert len(tale.thread(channel, ts)) == 1


async def test_a_post_while_the_bot_is_down_opens_a_ticket_after_its_start(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, ann = await tale.add_client()
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        tale.clock.advance(timedelta(hours=2))
        async with tale.running():
            await tale.settle()

            assert (await tale.tickets())["ACME-1"]["opened_at"] == "2026-03-09T05:00:00Z"
            assert "*ACME-1*" in tale.client_card(channel, ts).plain()


async def store_unreadable_delivery(tale: Story, channel: str, number: int) -> None:
    """Store a delivery with an invalid time, as Slack never sends it."""
    event = {"type": "message", "channel": channel, "ts": "?", "user": "U1", "text": "?"}
    assert tale.bot is not None
    async with tale.bot.runtime.write() as desk:
        await desk.work.inbox.put(Delivery(f"Ev-poison-{number}", channel, {"event": event}))


async def test_an_unreadable_delivery_is_parked_after_five_attempts_and_delays_no_other_channel(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme")
        globex, ben = await tale.add_client("Globex")
        await store_unreadable_delivery(tale, acme, 1)
        await tale.sandbox.post(ann, acme, "Our server is down")
        await tale.says(ben, globex, "I cannot print")
        assert list(await tale.tickets()) == ["GLOBEX-1"]

        for attempt in range(4):
            await tale.forward(minutes=1)
            await tale.says(ben, globex, f"And page {attempt} is missing")

        assert sorted(await tale.tickets()) == ["ACME-1", "GLOBEX-1"]
        parked = tale.delivered()[0]
        assert parked.startswith("parked after 5 attempts: reference ")


async def test_a_message_under_two_event_ids_opens_one_ticket(tmp_path: Path) -> None:
    """ "Dedupe permanently on event_id, on (team, channel, ts)"."""
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        event = {
            "type": "message",
            "channel": channel,
            "ts": ts,
            "user": ann,
            "text": "Our server is down",
        }

        async with bot.runtime.write() as desk:
            await desk.work.inbox.put(Delivery("Ev-other", channel, {"event": event}))
        await tale.says(ann, channel, "Thanks")

        assert list(await tale.tickets()) == ["ACME-1"]
        assert "on record already" in tale.delivered()


async def test_an_event_is_stored_although_auth_test_fails(tmp_path: Path) -> None:
    """Bolt calls `auth.test` before it passes on the first event. If the call fails, Bolt answers
    200 and drops the event, and Slack never sends it again."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        tale.sandbox.faults.add("auth.test", Fault.ERROR("internal_error"))
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.faults.clear()
        assert list(await tale.tickets()) == ["ACME-1"]


async def test_events_of_the_desks_own_messages_are_not_stored(tmp_path: Path) -> None:
    """Slack sends events for the desk's messages in the client's channel and in triage."""
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TAKE)
        assert tale.delivered() == ["a new ticket (ACME-1)"]


async def test_simultaneous_deliveries_are_stored_in_their_order(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        await tale.many_say(channel, 20)
        opened = [ticket_view["key"] for ticket_view in (await tale.tickets()).values()]
        texts = [text for (text,) in tale.rows("SELECT text FROM messages ORDER BY id")]
        assert texts == [f"Request {number}" for number in range(1, 21)]
        assert opened == [f"ACME-{number}" for number in range(1, 21)]
