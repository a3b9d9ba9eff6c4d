"""Tests that two replicas on a PostgreSQL database share the work without loss or duplicates."""

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Deskbell, deskbell
from bot.domain.ids import UserId
from bot.usecases.tickets.triage.severity import decide_severity
from tests.serving import serving
from tests.stores import POSTGRESQL
from tests.story import Story, story

CHANNELS = 10
POSTS = int(os.environ.get("DESKBELL_REPLICA_POSTS", "3"))  # in each channel

pytestmark = pytest.mark.parametrize("chosen_store", [POSTGRESQL], indirect=True)


@asynccontextmanager
async def another_bot(tale: Story) -> AsyncIterator[Deskbell]:
    """Start another bot on the same database and in the same workspace."""
    async with (
        deskbell(
            tale.settings(), tale.clock, pace_seconds=0, look_again_after=timedelta(0)
        ) as replica,
        serving(replica),
    ):
        yield replica


async def post_for_everybody(tale: Story) -> None:
    """Let people post reports in each client's channel, all channels at once."""

    async def in_channel(number: int) -> None:
        channel, _ = await tale.add_client(f"Client{number}", "enterprise", engineer=tale.dana)
        for post in range(POSTS):
            person = tale.sandbox.add_user(f"Person {number}-{post}")
            tale.sandbox.join(person, channel)
            await tale.sandbox.post(person, channel, f"Request {post}")

    await asyncio.gather(*(in_channel(number) for number in range(CHANNELS)))
    await tale.settle()


async def make_all_critical(tale: Story) -> None:
    """Make every ticket critical: each is overdue two hours after it was written, at any time of
    day.
    """
    assert tale.bot is not None
    for key in await tale.tickets():
        async with tale.bot.runtime.write() as desk:
            await decide_severity(desk, key, UserId(tale.dana), "critical")
    await tale.settle()


def messages_by_mark(tale: Story) -> Counter[str]:
    """Count the bot's messages by the idempotency mark that each message carries."""
    return Counter(
        str(message.metadata["event_payload"])
        for message in tale.sandbox.all_messages()
        if message.bot_id and message.metadata and message.ephemeral_to is None
    )


def breaches_reported(tale: Story) -> int:
    """Return how many breaches were reported to the managers, in any number of messages."""
    section_texts = [
        block["text"]["text"]
        for message in tale.sandbox.messages(tale.managers)
        for block in message.blocks
        if block["type"] == "section"
    ]
    more = [re.match(r"and (\d+) more", text) for text in section_texts]
    return sum(" missed its " in text for text in section_texts) + sum(
        int(text[1]) for text in more if text
    )


def expected_keys() -> set[str]:
    numbers = range(1, POSTS + 1)
    return {f"CLIENT{client}-{number}" for client in range(CHANNELS) for number in numbers}


async def test_each_post_and_deadline_is_handled_once_by_either_replica(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(), another_bot(tale):
        await post_for_everybody(tale)
        assert set(await tale.tickets()) == expected_keys()
        await make_all_critical(tale)
        await tale.forward(hours=2, seconds=1)

        tickets = await tale.tickets()
        assert all(ticket["breached"] for ticket in tickets.values())
        assert set(messages_by_mark(tale).values()) == {1}
        assert breaches_reported(tale) == len(tickets)
        several = [re.match(r"(\d+) tickets need you", text) for text in tale.pings_to(tale.dana)]
        assert sum(int(match[1]) if match else 1 for match in several) == len(tickets)


@pytest.mark.thorough
async def test_the_other_replica_takes_over_remaining_work(tmp_path: Path) -> None:
    """The second replica stops with every message still unsent; the first sends them all."""
    async with story(tmp_path) as tale, tale.running():
        async with another_bot(tale):
            await post_for_everybody(tale)
            await make_all_critical(tale)
            tale.clock.advance(timedelta(hours=2, seconds=1))
        await tale.settle()

        assert breaches_reported(tale) == CHANNELS * POSTS
        assert set(messages_by_mark(tale).values()) == {1}
