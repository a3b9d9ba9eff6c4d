"""Two replicas on one PostgreSQL database share the work: nothing lost, nothing doubled."""

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
async def another(tale: Story) -> AsyncIterator[Deskbell]:
    """One more bot on the same database and in the same workspace."""
    async with (
        deskbell(
            tale.settings(), tale.clock, pace_seconds=0, look_again_after=timedelta(0)
        ) as replica,
        serving(replica),
    ):
        yield replica


async def everybody_posts(tale: Story) -> None:
    """In each client's channel so many people each report something, all channels at once."""

    async def in_channel(number: int) -> None:
        channel, _ = await tale.add_client(f"Client{number}", "enterprise", engineer=tale.dana)
        for post in range(POSTS):
            person = tale.sandbox.add_user(f"Person {number}-{post}")
            tale.sandbox.join(person, channel)
            await tale.sandbox.post(person, channel, f"Request {post}")

    await asyncio.gather(*(in_channel(number) for number in range(CHANNELS)))
    await tale.settle()


async def all_critical(tale: Story) -> None:
    """Two hours after it was written each ticket is late, whatever the hour."""
    assert tale.bot is not None
    for key in await tale.tickets():
        async with tale.bot.runtime.write() as desk:
            await decide_severity(desk, key, UserId(tale.dana), "critical")
    await tale.settle()


def said(tale: Story) -> Counter[str]:
    """What the bot has posted, by the key that each message carries unseen."""
    return Counter(
        str(message.metadata["event_payload"])
        for message in tale.sandbox.all_messages()
        if message.bot_id and message.metadata and message.ephemeral_to is None
    )


def missed(tale: Story) -> int:
    """How many breaches the managers were told of, in however many messages."""
    said = [
        one["text"]["text"]
        for message in tale.sandbox.messages(tale.managers)
        for one in message.blocks
        if one["type"] == "section"
    ]
    more = [re.match(r"and (\d+) more", one) for one in said]
    return sum(" missed its " in one for one in said) + sum(int(one[1]) for one in more if one)


def expected_keys() -> set[str]:
    numbers = range(1, POSTS + 1)
    return {f"CLIENT{client}-{number}" for client in range(CHANNELS) for number in numbers}


async def test_posts_and_deadlines_are_worked_once_by_whichever_replica(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(), another(tale):
        await everybody_posts(tale)
        assert set(await tale.tickets()) == expected_keys()
        await all_critical(tale)
        await tale.forward(hours=2, seconds=1)

        tickets = await tale.tickets()
        assert all(ticket["breached"] for ticket in tickets.values())
        assert set(said(tale).values()) == {1}
        assert missed(tale) == len(tickets)
        several = [re.match(r"(\d+) tickets need you", one) for one in tale.pings_to(tale.dana)]
        assert sum(int(found[1]) if found else 1 for found in several) == len(tickets)


@pytest.mark.thorough
async def test_what_one_replica_leaves_the_other_takes_up(tmp_path: Path) -> None:
    """The second one stops with everything still to be said; the first has it all to do."""
    async with story(tmp_path) as tale, tale.running():
        async with another(tale):
            await everybody_posts(tale)
            await all_critical(tale)
            tale.clock.advance(timedelta(hours=2, seconds=1))
        await tale.settle()

        assert missed(tale) == CHANNELS * POSTS
        assert set(said(tale).values()) == {1}
