"""Two connections to Slack, of which either may be lost at any moment."""

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
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(socket, "HANDSHAKE_SECONDS", 2.0)
    monkeypatch.setattr(socket, "REFUSED_RETRY_SECONDS", 0.1)


async def eventually(check: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not check():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.01)


async def both_open(tale: Story) -> None:
    await eventually(lambda: tale.sandbox.open_sockets == 2)


async def posts(tale: Story, channel: str, count: int = 20) -> list[str]:
    """So many people each post a request, one after the other, while the bot works."""
    posted = []
    for number in range(count):
        person = tale.sandbox.add_user(f"Person {number}")
        tale.sandbox.join(person, channel)
        posted.append(await tale.sandbox.post(person, channel, f"Request {number}"))
        await asyncio.sleep(0.01)
    return posted


async def each_has_its_card(tale: Story, channel: str, posted: list[str]) -> None:
    await tale.settle()
    assert len(await tale.tickets()) == len(posted)
    for ts in posted:
        assert "ACME-" in tale.client_card(channel, ts).plain()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_while_one_is_refreshed_the_other_takes_what_is_posted(
    tmp_path: Path, reason: str
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await both_open(tale)
        posting = asyncio.create_task(posts(tale, channel))
        while not posting.done():
            await tale.sandbox.disconnect_sockets(reason, after=0.05, only=1)
            assert bot._slack_problem() is None
            await both_open(tale)
        await each_has_its_card(tale, channel, await posting)


async def test_after_a_refresh_the_history_is_looked_at(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await both_open(tale)
        await tale.settle()
        before = len(tale.sandbox.calls("conversations.history"))
        await tale.sandbox.disconnect_sockets(after=1, only=1)
        await eventually(lambda: len(tale.sandbox.calls("conversations.history")) > before)


@pytest.mark.thorough
async def test_one_that_is_refused_leaves_the_other_and_comes_back_at_a_new_address(
    tmp_path: Path,
) -> None:
    """By itself Slack's client would go back to the used address for ever."""
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await both_open(tale)
        tale.sandbox.refuse_handshakes(3)
        await tale.sandbox.drop_sockets(abruptly=True, only=1)
        posted = await posts(tale, channel)
        assert bot._slack_problem() is None
        await both_open(tale)
        assert len(tale.sandbox.calls(OPEN)) == 2 + 3 + 1
        await each_has_its_card(tale, channel, posted)


@pytest.mark.thorough
async def test_one_that_falls_silent_is_given_up_and_what_it_swallowed_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Four unanswered make it silent: a machine that stands still for so long makes both so.
    monkeypatch.setattr(socket, "PING_SECONDS", 0.75)
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, _ = await tale.add_client()
        await both_open(tale)
        tale.sandbox.silence_sockets(only=1)
        posted = await posts(tale, channel)
        await eventually(lambda: len(tale.sandbox.calls(OPEN)) == 3)
        await both_open(tale)
        assert bot._slack_problem() is None
        await each_has_its_card(tale, channel, posted)


@pytest.mark.thorough
async def test_when_both_are_lost_the_desk_is_ill_until_one_is_open_again(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        await both_open(tale)
        tale.sandbox.faults.add(OPEN, Fault.SERVER_ERROR(503), times=6)
        await tale.sandbox.drop_sockets(abruptly=True)
        await eventually(lambda: bot._slack_problem() == NotConnected())
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        await eventually(lambda: bot._slack_problem() is None)
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()


@pytest.mark.thorough
async def test_an_app_token_that_slack_refuses_while_we_work_ends_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is due goes on, and an operator reads on the health pages what to do."""
    async with story(tmp_path) as tale, tale.running() as bot:
        await both_open(tale)
        tale.sandbox.faults.add(OPEN, Fault.ERROR("invalid_auth"), times=5)
        await tale.sandbox.drop_sockets()
        await eventually(lambda: bot._slack_problem() == AppTokenRefused("invalid_auth"))
        await eventually(lambda: bot._slack_problem() is None)
        await tale.settle()
    assert capsys.readouterr().out.count("Slack takes no connection of ours any more") == 1
