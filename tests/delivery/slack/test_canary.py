"""Slack takes what we write and delivers nothing: connections that are open may be dumb."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.delivery.slack import canary, socket
from bot.domain.operations.health import NothingDelivered
from bot.sandbox import DeliveryFault
from bot.views.operations.health import problem_words
from tests.pages import free_port, page, until_answered
from tests.story import Story, story

OPEN = "apps.connections.open"
SQLITE_ALONE = "a file has one process; where several share a database, the canary is one by quiet"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canary, "BACK_WITHIN_SECONDS", 0.5)
    monkeypatch.setattr(canary, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.1)


@pytest.fixture(autouse=True)
def _alone(chosen_store: str) -> None:
    if chosen_store != "sqlite":
        pytest.skip(SQLITE_ALONE)


async def eventually(check: Callable[[], object]) -> None:
    async with asyncio.timeout(15):
        while not check():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.01)


async def connected(tale: Story) -> None:
    await eventually(lambda: tale.sandbox.open_sockets == 2)


async def test_dumb_connections_are_noticed_by_our_own_words_and_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        channel, ann = await tale.add_client(engineer=tale.dana)
        await connected(tale)
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.strike_sockets_dumb()
        await tale.sandbox.post(tale.dana, tale.triage, "Is anybody there?")
        await tale.forward(hours=8)  # what is due is said, and does not come back
        await eventually(lambda: len(tale.sandbox.calls(OPEN)) >= 4)
        await until_answered(port, "/healthz", 200)
        await tale.settle()

        assert "not a client's channel" in tale.delivered()  # what was swallowed came again
        [told] = [one for one in tale.said_to_managers() if "delivered nothing" in one]
        assert "what was pressed is lost, so please press it again" in told
    logged = capsys.readouterr().out
    assert logged.count("Slack delivers nothing") == logged.count("Slack delivers again") == 1


@pytest.mark.thorough
async def test_while_nothing_comes_the_desk_is_ill_and_takes_whatever_comes_next(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        channel, ann = await tale.add_client(engineer=tale.dana)
        await connected(tale)
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, times=1000)
        await tale.forward(hours=8)
        await until_answered(port, "/healthz", 503)
        silent = f"deliveries: {problem_words(NothingDelivered())}.\n"
        assert await page(port, "/healthz") == (503, silent)
        assert (await page(port, "/readyz"))[0] == 200

        tale.sandbox.deliveries.clear()
        await tale.says(ann, channel, "Still down")
        assert (await page(port, "/healthz"))[0] == 200


@pytest.mark.thorough
async def test_a_desk_that_says_nothing_waits_for_nothing(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        await connected(tale)
        await tale.says(ann, channel, "Our server is down")
        tale.sandbox.deliveries.add(DeliveryFault.LOSE, times=1000)
        await asyncio.sleep(1.5)
        assert (await bot._watch.signs()).deliveries is None
        assert len(tale.sandbox.calls(OPEN)) == 2


@pytest.mark.thorough
async def test_where_our_own_words_never_come_back_they_are_not_missed(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        await connected(tale)
        own = tale.sandbox.bot_id
        tale.sandbox.deliveries.add(
            DeliveryFault.LOSE, times=1000, when=lambda event: event.get("bot_id") == own
        )
        await tale.says(ann, channel, "Our server is down")
        assert len(tale.triage_cards()) == 1
        await asyncio.sleep(1)
        assert (await bot._watch.signs()).deliveries is None


@pytest.mark.thorough
async def test_connections_that_bring_nothing_for_long_are_renewed_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(canary, "QUIET_SECONDS", 0.5)
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ann = await tale.add_client()
        await connected(tale)
        tale.sandbox.strike_sockets_dumb()
        ts = await tale.sandbox.post(ann, channel, "Our server is down")
        async with asyncio.timeout(15):
            while len(tale.sandbox.calls(OPEN)) < 4:
                assert bot._slack_problem() is None
                await asyncio.sleep(0)
        await tale.settle()
        assert "ACME-1" in tale.client_card(channel, ts).plain()
