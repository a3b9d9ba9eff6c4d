"""A server that leaves no connection open when it stops."""

import asyncio
from typing import Any

from aiohttp import web

TURNS = 3  # of the event loop, from an accepted connection to one that the server knows of


class Listener:
    """Serves an application; `options` are those of aiohttp's `AppRunner`."""

    def __init__(self, application: web.Application, **options: Any) -> None:
        self._runner = web.AppRunner(application, **options)
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int = 0) -> int:
        """Begin to listen; the port, which 0 leaves to the machine. Raises OSError."""
        await self._runner.setup()
        server, loop = self._runner.server, asyncio.get_running_loop()
        if server is None:
            raise RuntimeError("a runner that is set up has a server")
        self._listening = await loop.create_server(server, host, port, reuse_address=True)
        taken: int = self._listening.sockets[0].getsockname()[1]
        return taken

    async def stop(self) -> None:
        """Accept no more, then close every connection.

        aiohttp does both with one turn of the event loop between them. What was accepted last is
        then still on its way to the server, and Python before 3.12 leaves it open.
        """
        if self._listening is not None:
            for one in self._listening.sockets:
                asyncio.get_running_loop().remove_reader(one.fileno())
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self._listening.close()
        await self._runner.cleanup()
