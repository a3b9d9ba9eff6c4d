"""The heartbeat, heard by a listener on loopback."""

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
from handlers.http import health as watch
from handlers.http import heartbeat
from tests.handlers.http.ailments import read_only
from tests.pages import free_port
from tests.story import story


class Listener:
    def __init__(self) -> None:
        self.heard = 0
        self.port = free_port()
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/beat"

    async def _hear(self, _: web.Request) -> web.Response:
        self.heard += 1
        return web.Response(status=self.status)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        server = web.Application()
        server.router.add_get("/beat", self._hear)
        listening = HttpListener(server)
        await listening.start("127.0.0.1", self.port)
        yield
        await listening.stop()

    async def hears_more(self) -> None:
        before = self.heard
        async with asyncio.timeout(10):
            while self.heard < before + 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "FIRST_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(watch, "FRESH_SECONDS", -1.0)
    monkeypatch.setattr(database, "CALM_SECONDS", 0.0)


async def test_it_beats_while_all_is_well_and_is_silent_while_something_is_not(
    tmp_path: Path,
) -> None:
    listener = Listener()
    async with (
        listener.listening(),
        story(tmp_path) as tale,
        tale.running(deskbell_heartbeat_url=listener.url),
    ):
        await listener.hears_more()
        async with read_only(tale):
            with capture_logs() as logged:
                async with asyncio.timeout(10):
                    while not _silences(logged):  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                before = listener.heard
                told = _silences(logged)
                async with asyncio.timeout(10):
                    while _silences(logged) < told + 3:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
            assert listener.heard == before
        await listener.hears_more()


@pytest.mark.thorough
async def test_a_listener_that_is_away_or_refuses_is_called_again(tmp_path: Path) -> None:
    listener = Listener()
    async with story(tmp_path) as tale, tale.running(deskbell_heartbeat_url=listener.url):
        with capture_logs() as logged:
            async with asyncio.timeout(10):
                while not logged:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        assert logged[0]["event"] == "nobody heard the heartbeat"
        assert "/beat" not in str(logged[0])  # the address is as good as a password
        async with listener.listening():
            listener.status = 500
            await listener.hears_more()
            listener.status = 200
            await listener.hears_more()


def _silences(logged: list[EventDict]) -> int:
    return sum(one["event"] == "the desk is not well, so the heartbeat is silent" for one in logged)
