"""Unusual messages: repeated posts, other apps, `/me`, and replies also sent to the channel."""

from pathlib import Path

import pytest

from tests.story import Story, story

DOWN = "Our server is down"

pytestmark = pytest.mark.both_stores(thorough="postgresql")


async def keys(tale: Story) -> list[str]:
    await tale.settle()
    return list(await tale.tickets())


async def test_a_post_that_arrives_under_two_timestamps_opens_one_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        for _ in range(2):
            await tale.sandbox.post(ann, channel, DOWN, client_msg_id="one press of Enter")
        assert await keys(tale) == ["ACME-1"]
        assert tale.rows("SELECT COUNT(*) FROM messages") == [(1,)]


@pytest.mark.thorough
async def test_messages_of_other_apps_open_no_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await tale.add_client()
        monitor = tale.sandbox.add_app("Monitor")
        block = {"type": "section", "text": {"type": "mrkdwn", "text": DOWN}}
        await tale.sandbox.post_as_app(monitor, channel, DOWN)
        await tale.sandbox.post_as_app(monitor, channel, DOWN, username="Nagios")
        await tale.sandbox.post_as_app(monitor, channel, blocks=[block])
        assert await keys(tale) == []


@pytest.mark.thorough
async def test_a_me_message_opens_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.sandbox.post(ann, channel, "cannot log in since this morning", me=True)
        assert await keys(tale) == ["ACME-1"]


@pytest.mark.thorough
async def test_a_reply_also_sent_to_the_channel_belongs_to_its_ticket(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, DOWN)
        bob = tale.sandbox.add_user("Bob")
        tale.sandbox.join(bob, channel)
        await tale.sandbox.post(bob, channel, "Here too", thread_ts=ts, broadcast=True)
        assert await keys(tale) == ["ACME-1"]
