"""A TCP connection to the PostgreSQL server that can fall silent, as with a firewall that drops a
connection or a server that hangs: nothing is refused, and no data arrives.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import URL

from tests.postgres.server import admin_address

PIECE = 65_536  # bytes


class Line:
    """Forwards data both ways until it falls silent.

    Connections open at that time never receive data again; new connections work after `mend`.
    """

    def __init__(self, server: URL) -> None:
        self._server = server
        self._mended = asyncio.Event()
        self._mended.set()
        self._speaks = asyncio.Event()  # of the currently open connections
        self._ends: list[asyncio.StreamWriter] = []

    def fall_silent(self) -> None:
        self._speaks.clear()
        self._mended.clear()

    def mend(self) -> None:
        self._speaks = asyncio.Event()
        self._mended.set()

    def close(self) -> None:
        for end in self._ends:
            end.close()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._mended.wait()
        self._speaks.set()
        there, sink = await asyncio.open_connection(self._server.host, self._server.port or 5432)
        self._ends += [writer, sink]
        await asyncio.gather(
            _pass_on(reader, sink, self._speaks), _pass_on(there, writer, self._speaks)
        )


async def _pass_on(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, speaks: asyncio.Event
) -> None:
    with suppress(ConnectionError):
        while piece := await source.read(PIECE):
            await speaks.wait()
            sink.write(piece)
            await sink.drain()
    sink.close()


@asynccontextmanager
async def line() -> AsyncIterator[tuple[Line, str]]:
    """Yield the line, and the server's URL through it."""
    server = admin_address()
    made = Line(server)
    taking = await asyncio.start_server(made.take, "127.0.0.1", 0)
    port = taking.sockets[0].getsockname()[1]
    url = server.set(host="127.0.0.1", port=port)
    async with taking:
        yield made, url.render_as_string(hide_password=False)
        made.close()
