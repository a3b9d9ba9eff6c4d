"""Tests that messages beyond Slack's rate limits are sent later, each once, with few refused calls.

The limits are those of `bot/sandbox/rate_limits.py` with smaller values.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox import Fault
from tests.story import Story, story

POST, UPDATE = "chat.postMessage", "chat.update"
REPORTS = 6
CARDS = 2 * REPORTS  # in the client's channel and in triage
SMALL_LIMITS = {POST: 8, UPDATE: 4}


async def settle_while_time_passes(tale: Story) -> None:
    """Let the bot send its messages, and a quarter of a minute pass at a time."""
    settling = asyncio.create_task(tale.settle())
    while not (await asyncio.wait([settling], timeout=0.1))[0]:
        tale.clock.advance(timedelta(seconds=15))
    await settling


def errors_of(tale: Story, method: str) -> Counter[str | None]:
    return Counter(call.error for call in tale.sandbox.calls(method))


@pytest.mark.thorough
async def test_messages_beyond_the_limit_are_sent_in_the_next_minutes(tmp_path: Path) -> None:
    async with story(tmp_path, limits={"a_minute": SMALL_LIMITS}) as tale, tale.running():
        channel, _ = await tale.add_client()
        for number in range(REPORTS):
            person = tale.sandbox.add_user(f"Person {number}")
            tale.sandbox.join(person, channel)
            await tale.sandbox.post(person, channel, "Our server is down")
        await settle_while_time_passes(tale)
        assert errors_of(tale, POST)[None] == CARDS

        before = tale.clock.now()
        for number in range(1, REPORTS + 1):
            words = f"severity ACME-{number} critical"
            await tale.sandbox.command(tale.dana, tale.triage, "/desk", words)
        await settle_while_time_passes(tale)

        assert errors_of(tale, UPDATE)[None] == CARDS
        assert tale.clock.now() - before >= timedelta(minutes=2), "four a minute, and no more"
        cards = [card for card in tale.triage_cards() if "Critical" in card.plain()]
        assert len(cards) == len(tale.triage_cards()) == REPORTS
        assert errors_of(tale, UPDATE)["ratelimited"] <= 4, (
            "each channel asks once in vain a minute"
        )


@pytest.mark.thorough
async def test_a_rate_limited_method_is_not_called_for_another_channel(tmp_path: Path) -> None:
    """Limits are "applied on a 'per API method per workspace/team per app' basis"."""
    async with story(tmp_path) as tale, tale.running():
        first, second = [await tale.add_client(name) for name in ("Acme", "Globex")]
        for channel, person in (first, second):
            await tale.sandbox.post(person, channel, "Our server is down")
        await tale.settle()
        tale.sandbox.faults.add(UPDATE, Fault.RATE_LIMITED(30))
        await tale.sandbox.command(tale.dana, tale.triage, "/desk", "severity ACME-1 critical")
        held_back = "SELECT 1 FROM outbox WHERE error = 'ratelimited'"
        await tale.waits_for(held_back)
        await tale.sandbox.command(tale.dana, tale.triage, "/desk", "severity GLOBEX-1 critical")
        await tale.waits_for(f"{held_back} AND channel = '{second[0]}'")
        assert errors_of(tale, UPDATE)["ratelimited"] == 1
        updated_channels = [call.args["channel"] for call in tale.sandbox.calls(UPDATE)]
        assert second[0] not in updated_channels

        await settle_while_time_passes(tale)
        assert errors_of(tale, UPDATE)["ratelimited"] == 1
        assert all("Critical" in card.plain() for card in tale.triage_cards())
