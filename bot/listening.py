"""An HTTP server that leaves no connection open when it stops."""

import asyncio
from typing import Any

from aiohttp import web

TURNS = 3  # turns of the event loop until the server knows an accepted connection


class Listener:
    """Serves an application. `options` are the options of aiohttp's `AppRunner`."""

    def __init__(self, application: web.Application, **options: Any) -> None:
        self._runner = web.AppRunner(application, **options)
        self._listening: asyncio.Server | None = None

    async def start(self, host: str, port: int = 0) -> int:
        """Start to listen and return the port. Port 0 lets the operating system choose.

        Raises OSError if the address is not available.
        """
        await self._runner.setup()
        server, loop = self._runner.server, asyncio.get_running_loop()
        if server is None:
            raise RuntimeError("a runner that is set up has a server")
        self._listening = await loop.create_server(server, host, port, reuse_address=True)
        bound_port: int = self._listening.sockets[0].getsockname()[1]
        return bound_port

    async def stop(self) -> None:
        """Stop accepting connections, then close all connections.

        aiohttp closes the listening socket and then its connections after a single turn of the
        event loop. A connection that was accepted last has not reached the server by then, and
        Python before 3.12 leaves it open.
        """
        if self._listening is not None:
            for listening_socket in self._listening.sockets:
                asyncio.get_running_loop().remove_reader(listening_socket.fileno())
            for _ in range(TURNS):
                await asyncio.sleep(0)
            self._listening.close()
        await self._runner.cleanup()
