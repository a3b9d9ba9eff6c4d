"""Messages with characters that no store can keep are stored and handled all the same."""

from pathlib import Path

import pytest

from bot.sandbox import DeliveryFault
from tests.story import story

pytestmark = pytest.mark.both_stores(thorough="postgresql")

ODD = {"code zero": "\x00", "half a character": "\ud83d"}


@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
async def test_a_message_with_an_odd_character_opens_a_ticket_and_can_be_edited(
    tmp_path: Path, odd: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, f"Our server {odd} is down")
        await tale.sandbox.edit(ann, channel, ts, f"Our mail server {odd} is down")
        await tale.says(tale.dana, channel, f"We are on it {odd}", thread_ts=ts)
        assert "ACME-1" in tale.client_card(channel, ts).plain()
        assert tale.kept_text(ts) == "Our mail server \ufffd is down"
        assert tale.rows("SELECT id FROM inbox WHERE attempts > 0") == []


@pytest.mark.thorough
@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
async def test_backfill_finds_a_message_with_an_odd_character(tmp_path: Path, odd: str) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, of="message")
        ts = await tale.says(ann, channel, f"Our server {odd} is down")
        bot.catch_up()
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
@pytest.mark.parametrize("odd", ODD.values(), ids=list(ODD))
async def test_odd_characters_in_dialogs_and_commands_cause_no_error(
    tmp_path: Path, odd: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        assert "There is no ticket" in await tale.asks(tale.dana, f"why ACME-{odd}")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), "reply")
        assert await tale.replies(tale.dana, f"We restart {odd} it") == {}
        assert "We restart \ufffd it" in tale.thread(channel, ts)[-1].plain()
