"""Slack delivers at least once, in any order, and sometimes what nobody can read."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.story import Story, story

pytestmark = pytest.mark.both_stores


async def test_an_event_that_comes_again_does_nothing_again(tmp_path: Path) -> None:
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


async def test_what_is_posted_while_the_bot_is_down_is_a_ticket_when_it_is_back(
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


async def poison(tale: Story, channel: str, number: int) -> None:
    """A delivery without the person who wrote it, as Slack never sends it."""
    event = {"type": "message", "channel": channel, "ts": f"1773032400.00000{number}", "text": "?"}
    assert tale.bot is not None
    async with tale.bot.office.write() as desk:
        await desk.work.inbox.put(f"Ev-poison-{number}", channel, {"event": event})


async def test_poison_is_parked_after_five_attempts_and_holds_up_no_other_channel(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        acme, ann = await tale.add_client("Acme")
        globex, ben = await tale.add_client("Globex")
        await poison(tale, acme, 1)
        await tale.sandbox.post(ann, acme, "Our server is down")
        await tale.says(ben, globex, "I cannot print")
        assert list(await tale.tickets()) == ["GLOBEX-1"]

        for attempt in range(4):
            await tale.forward(minutes=1)
            await tale.says(ben, globex, f"And page {attempt} is missing")

        assert sorted(await tale.tickets()) == ["ACME-1", "GLOBEX-1"]
        parked = tale.delivered()[0]
        assert parked.startswith("parked after 5 attempts: reference ")


async def test_the_same_message_under_another_event_id_is_one_ticket(tmp_path: Path) -> None:
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

        async with bot.office.write() as desk:
            await desk.work.inbox.put("Ev-other", channel, {"event": event})
        await tale.says(ann, channel, "Thanks")

        assert list(await tale.tickets()) == ["ACME-1"]
        assert "on record already" in tale.delivered()
