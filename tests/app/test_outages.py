"""Tests of a bot that waits while Slack is unreliable or down, and ends only if Slack refuses its
token.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.delivery.slack import socket
from bot.errors import ConfigurationError
from bot.sandbox import Fault
from bot.views.refusals import sentence_of
from tests.story import Story, story

TROUBLE = {
    "503": Fault.SERVER_ERROR(503),
    "429": Fault.RATE_LIMITED(1),
    "internal_error": Fault.ERROR("internal_error"),
    "reset": Fault.RESET_BEFORE,
    "bad JSON": Fault.BAD_JSON,
}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.1)


@asynccontextmanager
async def serving(tale: Story, **changed: Any) -> AsyncIterator[asyncio.Task[None]]:
    """Run the bot without waiting for its connection."""
    async with app.deskbell(tale.settings(**changed), tale.clock, pace_seconds=0) as bot:
        task = asyncio.create_task(bot.serve())
        yield task
        task.cancel()
        with suppress(asyncio.CancelledError, ConfigurationError):
            await task


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=list(TROUBLE))
async def test_the_bot_waits_for_an_unreliable_slack_at_its_start(
    tmp_path: Path, method: str, trouble: Any
) -> None:
    async with story(tmp_path) as tale:
        tale.sandbox.faults.add(method, trouble, times=2)
        async with serving(tale):
            await tale.sandbox.wait_connected(timeout=5)


async def test_the_bot_waits_for_an_unreachable_slack_at_its_start(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        await tale.sandbox.stop()
        async with serving(tale) as task:
            await asyncio.sleep(0.3)
            assert not task.done()
            await tale.sandbox.start()
            await tale.sandbox.wait_connected(timeout=5)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN is not accepted by Slack"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN is not accepted by Slack"),
    ],
)
async def test_a_token_that_slack_refuses_ends_the_bot_with_a_message(
    tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    async with story(tmp_path) as tale, serving(tale, **wrong) as task:
        async with asyncio.timeout(5):
            with pytest.raises(ConfigurationError) as caught:
                await task
        assert f"{named} (invalid_auth)" in sentence_of(caught.value)


async def test_an_internal_channel_that_belongs_to_a_client_ends_the_bot_with_a_message(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            channel, _ = await tale.add_client()
        async with serving(tale, deskbell_triage_channel=channel) as task:
            with pytest.raises(ConfigurationError) as caught:
                await task
        assert re.search(r"DESKBELL_TRIAGE_CHANNEL .* ACME", sentence_of(caught.value))
        assert tale.sandbox.messages(channel) == []


async def test_a_message_written_during_an_outage_opens_a_ticket_afterwards(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.sandbox.stop()
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await asyncio.sleep(1)
        await tale.sandbox.start()
        await tale.sandbox.wait_connected(timeout=30)
        await tale.settle()

        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.parametrize("abruptly", [False, True])
async def test_a_lost_socket_is_replaced(tmp_path: Path, *, abruptly: bool) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.sandbox.drop_sockets(abruptly=abruptly)
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await tale.sandbox.wait_connected(timeout=30)
        await tale.settle()

        assert "ACME-1" in tale.client_card(channel, ts).plain()
