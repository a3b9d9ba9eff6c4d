"""An HTTP server that leaves no connection open after it stops."""

import asyncio
from typing import Any

from aiohttp import web

EVENT_LOOP_TURNS = 3
"""The turns that aiohttp needs to register a connection that has just been accepted."""


class Listener:
    """Serves an application. `options` are passed to aiohttp's `AppRunner`."""

    def __init__(self, application: web.Application, **options: Any) -> None:
        self._runner = web.AppRunner(application, **options)
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int = 0) -> int:
        """Start listening and return the port; 0 picks a free port. Raises OSError."""
        await self._runner.setup()
        protocol, loop = self._runner.server, asyncio.get_running_loop()
        if protocol is None:
            raise RuntimeError("a runner that is set up has a server")
        self._server = await loop.create_server(protocol, host, port, reuse_address=True)
        bound_port: int = self._server.sockets[0].getsockname()[1]
        return bound_port

    async def stop(self) -> None:
        """Stop accepting connections, then close every open connection.

        aiohttp closes both within a single turn of the event loop. A connection that was accepted
        just before is not registered yet, and Python before 3.12 leaves it open. The loop
        therefore runs a few more turns first.
        """
        if self._server is not None:
            for socket in self._server.sockets:
                asyncio.get_running_loop().remove_reader(socket.fileno())
            for _ in range(EVENT_LOOP_TURNS):
                await asyncio.sleep(0)
            self._server.close()
        await self._runner.cleanup()
