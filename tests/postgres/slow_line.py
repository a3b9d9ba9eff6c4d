"""A proxy to Slack that can hold a call before it arrives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from yarl import URL

from bot.listening import Listener


class SlowLine:
    """Forwards every call to `api_url`; the first call of the method `holds` is held."""

    def __init__(self, api_url: str, holds: str) -> None:
        self.url = ""
        self.held = asyncio.Event()
        self._api_url = URL(api_url)
        self._holds = holds
        self._answered = True
        self._released = asyncio.Event()

    def release(self, *, answered: bool) -> None:
        """Forward the held call now; with `answered` its response is passed back."""
        self._answered = answered
        self._released.set()

    async def forward(self, request: web.Request) -> web.Response:
        body = await request.read()
        is_held = request.match_info["method"] == self._holds and not self.held.is_set()
        if is_held:
            self.held.set()
            await self._released.wait()
        url = (self._api_url / request.match_info["method"]).with_query(request.query)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in {"Authorization", "Content-Type"}
        }
        async with (
            aiohttp.ClientSession() as session,
            session.request(request.method, url, data=body, headers=headers) as answer,
        ):
            answered = web.Response(
                status=answer.status, body=await answer.read(), content_type=answer.content_type
            )
        if is_held and not self._answered and request.transport is not None:
            request.transport.abort()
        return answered


@asynccontextmanager
async def slow_line(api_url: str, holds: str) -> AsyncIterator[SlowLine]:
    line = SlowLine(api_url, holds)
    app = web.Application()
    app.router.add_route("*", "/api/{method}", line.forward)
    listener = Listener(app)
    line.url = f"http://127.0.0.1:{await listener.start('127.0.0.1')}/api/"
    try:
        yield line
    finally:
        await listener.stop()
