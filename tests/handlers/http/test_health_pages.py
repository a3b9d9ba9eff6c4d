"""`/healthz` and `/readyz`, asked of the running bot."""

import asyncio
import socket
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import deskbell
from bot.delivery.slack import socket as slack_socket
from bot.domain.operations.health import NotConnected
from bot.domain.operations.setup_faults import AddressUnavailable
from bot.sandbox import Fault
from bot.views.operations.health import problem_words
from bot.views.refusals import sentence_of
from handlers.http import health as watch
from tests.pages import free_port, page, until_answered
from tests.story import story

WELL = (200, "Deskbell is well.\n")
READY = (200, "Deskbell is ready.\n")


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every asking takes the signs anew."""
    monkeypatch.setattr(watch, "FRESH_SECONDS", -1.0)


@pytest.mark.both_stores(thorough="postgresql")
async def test_a_desk_at_work_is_well_and_ready(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "Our server is down")
        assert await page(port, "/healthz") == WELL
        assert await page(port, "/readyz") == READY


async def test_where_slack_comes_in_by_http_the_pages_are_beside_its_way_in(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale:
        port = free_port()
        settings = tale.settings(slack_app_token="", slack_signing_secret="secret", port=port)
        async with deskbell(settings, tale.clock) as bot:
            serving = asyncio.create_task(bot.serve())
            assert await page(port, "/healthz") == WELL
            assert await page(port, "/readyz") == READY
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


async def test_without_a_connection_to_slack_it_is_neither_well_nor_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_socket, "WATCH_SECONDS", 0.02)
    monkeypatch.setattr(slack_socket, "RETRY_SECONDS", 0.05)
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        await tale.sandbox.stop()
        await until_answered(port, "/healthz", 503)
        unconnected = f"slack: {problem_words(NotConnected())}.\n"
        assert await page(port, "/healthz") == (503, unconnected)
        assert (await page(port, "/readyz"))[0] == 503

        await tale.sandbox.start()
        await until_answered(port, "/readyz", 200)


@pytest.mark.both_stores(thorough="postgresql")
async def test_a_message_that_slack_does_not_take_for_minutes_is_told(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(port=(port := free_port())):
        channel, ann = await tale.add_client()
        now = tale.clock.now()
        tale.sandbox.faults.add(
            "chat.postMessage",
            Fault.SERVER_ERROR(503),
            times=None,
            during=(now, now + timedelta(minutes=7)),
        )
        await tale.sandbox.post(ann, channel, "Our server is down")
        async with asyncio.timeout(20):
            while not tale.rows("SELECT id FROM outbox WHERE attempts > 0"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        assert await page(port, "/healthz") == WELL

        tale.clock.advance(timedelta(minutes=6))
        status, words = await page(port, "/healthz")
        assert status == 503
        assert words.startswith("outbox: a message has been owed for 6 min: wait")
        assert await page(port, "/readyz") == READY

        await tale.forward(minutes=1)
        assert await page(port, "/healthz") == WELL


async def test_pages_whose_address_is_taken_are_missed_by_nobody_who_works(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with story(tmp_path) as tale, tale.running(port=port):
            channel, ann = await tale.add_client()
            ts = await tale.says(ann, channel, "Our server is down")
            assert "ACME-1" in tale.client_card(channel, ts).plain()


async def test_a_way_in_whose_address_is_taken_is_said_in_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with story(tmp_path) as tale:
            settings = tale.settings(slack_app_token="", slack_signing_secret="secret", port=port)
            async with deskbell(settings, tale.clock) as bot:
                with pytest.raises(AddressUnavailable) as caught:
                    await bot.serve()
        assert f"PORT {port} cannot be listened on" in sentence_of(caught.value)
