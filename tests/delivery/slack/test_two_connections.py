"""Tests that nothing is lost while either of the two connections to Slack is lost."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.delivery.slack import socket
from bot.domain.operations.health import AppTokenRefused, NotConnected
from bot.sandbox import Fault
from tests.story import Story, story

OPEN = "apps.connections.open"


@pytest.fixture(autouse=True)
def _short_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(socket, "HANDSHAKE_SECONDS", 2.0)
    monkeypatch.setattr(socket, "REFUSED_RETRY_SECONDS", 0.1)


async def eventually(check: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not check():  # noqa: ASYNC110 (there is no event for it)
            await asyncio.sleep(0.01)


async def until_both_open(tale: Story) -> None:
    await eventually(lambda: tale.sandbox.open_sockets == 2)


async def post_requests(tale: Story, channel: str, count: int = 20) -> list[str]:
    """Let several people post a request each while the bot works; return the `ts` of each post."""
    posted = []
    for number in range(count):
        person = tale.sandbox.add_user(f"Person {number}")
        tale.sandbox.join(person, channel)
        posted.append(await tale.sandbox.post(person, channel, f"Request {number}"))
        await asyncio.sleep(0.01)
    return posted


async def check_cards(tale: Story, channel: str, posted: list[str]) -> None:
    await tale.settle()
    assert len(await tale.tickets()) == len(posted)
    for ts in posted:
        assert "ACME-" in tale.client_card(channel, ts).plain()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_while_a_connection_is_refreshed_the_other_receives_the_posts(
    tmp_path: Path, reason: str
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await until_both_open(tale)
        posting = asyncio.create_task(post_requests(tale, channel))
        while not posting.done():
            await tale.sandbox.disconnect_sockets(reason, after=0.05, only=1)
            assert bot._slack_problem() is None
            await until_both_open(tale)
        await check_cards(tale, channel, await posting)


async def test_the_history_is_read_after_a_refresh(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await until_both_open(tale)
        await tale.settle()
        before = len(tale.sandbox.calls("conversations.history"))
        await tale.sandbox.disconnect_sockets(after=1, only=1)
        await eventually(lambda: len(tale.sandbox.calls("conversations.history")) > before)


@pytest.mark.thorough
async def test_a_refused_connection_comes_back_at_a_new_address(tmp_path: Path) -> None:
    """Slack's client would try the used address for ever."""
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await until_both_open(tale)
        tale.sandbox.refuse_handshakes(3)
        await tale.sandbox.drop_sockets(abruptly=True, only=1)
        posted = await post_requests(tale, channel)
        assert bot._slack_problem() is None
        await until_both_open(tale)
        assert len(tale.sandbox.calls(OPEN)) == 2 + 3 + 1
        await check_cards(tale, channel, posted)


@pytest.mark.thorough
async def test_a_silent_connection_is_replaced_and_its_posts_are_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Four unanswered pings make it silent; on a machine that stalls for as long, both are silent.
    monkeypatch.setattr(socket, "PING_SECONDS", 0.75)
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await until_both_open(tale)
        tale.sandbox.silence_sockets(only=1)
        posted = await post_requests(tale, channel)
        await eventually(lambda: len(tale.sandbox.calls(OPEN)) == 3)
        await until_both_open(tale)
        assert bot._slack_problem() is None
        await check_cards(tale, channel, posted)


@pytest.mark.thorough
async def test_the_desk_is_unhealthy_while_both_connections_are_lost(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        await until_both_open(tale)
        tale.sandbox.faults.add(OPEN, Fault.SERVER_ERROR(503), times=6)
        await tale.sandbox.drop_sockets(abruptly=True)
        await eventually(lambda: bot._slack_problem() == NotConnected())
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await eventually(lambda: bot._slack_problem() is None)
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_the_desk_survives_a_refused_app_token(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The desk goes on, and the health pages tell the operator how to repair it."""
    async with story(tmp_path) as tale, tale.running() as bot:
        await until_both_open(tale)
        tale.sandbox.faults.add(OPEN, Fault.ERROR("invalid_auth"), times=5)
        await tale.sandbox.drop_sockets()
        await eventually(lambda: bot._slack_problem() == AppTokenRefused("invalid_auth"))
        await eventually(lambda: bot._slack_problem() is None)
        await tale.settle()
    assert capsys.readouterr().out.count("Slack takes no connection of ours any more") == 1
