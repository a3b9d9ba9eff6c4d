"""Tests the heartbeat, with a receiver on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot import database_health as database
from bot.listening import Listener as HttpListener
from handlers.http import health, heartbeat
from tests.handlers.http.database_faults import read_only
from tests.pages import free_port
from tests.story import story


class Receiver:
    """A server that counts the calls of the heartbeat."""

    def __init__(self) -> None:
        self.calls = 0
        self.port = free_port()
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/beat"

    async def _count_call(self, _: web.Request) -> web.Response:
        self.calls += 1
        return web.Response(status=self.status)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        application = web.Application()
        application.router.add_get("/beat", self._count_call)
        http_listener = HttpListener(application)
        await http_listener.start("127.0.0.1", self.port)
        yield
        await http_listener.stop()

    async def wait_for_calls(self) -> None:
        before = self.calls
        async with asyncio.timeout(10):
            while self.calls < before + 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "FIRST_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(health, "FRESH_SECONDS", -1.0)
    monkeypatch.setattr(database, "CALM_SECONDS", 0.0)


async def test_the_heartbeat_is_sent_only_while_the_desk_is_healthy(tmp_path: Path) -> None:
    receiver = Receiver()
    async with (
        receiver.listening(),
        story(tmp_path) as tale,
        tale.running(deskbell_heartbeat_url=receiver.url),
    ):
        await receiver.wait_for_calls()
        async with read_only(tale):
            with capture_logs() as logged:
                async with asyncio.timeout(10):
                    while not _silent_beats(logged):  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                before = receiver.calls
                silent_beats = _silent_beats(logged)
                async with asyncio.timeout(10):
                    while _silent_beats(logged) < silent_beats + 3:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
            assert receiver.calls == before
        await receiver.wait_for_calls()


@pytest.mark.thorough
async def test_an_absent_or_refusing_receiver_is_called_again(tmp_path: Path) -> None:
    receiver = Receiver()
    async with story(tmp_path) as tale, tale.running(deskbell_heartbeat_url=receiver.url):
        with capture_logs() as logged:
            async with asyncio.timeout(10):
                while not logged:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        assert logged[0]["event"] == "nobody heard the heartbeat"
        assert "/beat" not in str(logged[0])  # the address is a secret
        async with receiver.listening():
            receiver.status = 500
            await receiver.wait_for_calls()
            receiver.status = 200
            await receiver.wait_for_calls()


def _silent_beats(logged: list[EventDict]) -> int:
    return sum(
        entry["event"] == "the desk is not well, so the heartbeat is silent" for entry in logged
    )
