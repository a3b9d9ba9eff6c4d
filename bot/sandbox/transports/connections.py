"""The WebSocket connections of an app: tickets, handshakes, rotation, and how they end."""

import asyncio
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.transports.envelopes import disconnect, hello

MOST_CONNECTIONS = 10
"""Slack, "Using Socket Mode": "up to 10 open connections at the same time"."""

CLOSE_SECONDS = 1.0


@dataclass(eq=False)
class Connection:
    """An open WebSocket.

    A silent connection sends nothing, reads nothing and answers no ping. A dumb connection answers
    pings and sends nothing else.
    """

    request: web.Request
    socket: web.WebSocketResponse
    silent: bool = False
    dumb: bool = False
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)


class Listener(Protocol):
    """Receives notice of events on the connections."""

    def opened(self) -> None: ...

    def received(self, text: str) -> None: ...

    def lost(self, connection: Connection) -> None: ...


class Connections:
    """The open connections, at most ten. Each handshake uses up a ticket."""

    def __init__(self, listener: Listener, app_id: str) -> None:
        self.some_open = asyncio.Event()
        self._listener = listener
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: deque[Connection] = deque()
        self._refusals = 0
        self._silences = 0

    def new_ticket(self) -> str:
        """Return a ticket for a single handshake."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def next(self, apart_from: Connection | None = None) -> Connection | None:
        """Return the next connection in rotation, other than `apart_from` if possible, or None."""
        if not self._open:
            return None
        if self._open[0] is apart_from:
            self._open.rotate(-1)
        chosen = self._open[0]
        self._open.rotate(-1)
        return chosen

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Accept a handshake and serve the connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="this ticket is used or was never given out")
        self._tickets.discard(ticket)
        if self._refusals:
            self._refusals -= 1
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(timeout=CLOSE_SECONDS, autoping=False)
        await socket.prepare(request)
        if len(self._open) >= MOST_CONNECTIONS:
            await socket.send_str(disconnect("too_many_websockets"))
            await socket.close()
            return socket
        silent = self._silences > 0
        self._silences -= silent
        await self._serve(Connection(request, socket, silent=silent))
        return socket

    def refuse_handshakes(self, times: int = 1) -> None:
        """Answer the next `times` handshakes with 503. Each still uses up its ticket."""
        self._refusals += times

    @property
    def open_now(self) -> int:
        return len(self._open)

    def silence(self, *, upcoming: int = 0, only: int | None = None) -> None:
        """Silence the first `only` open connections (None: all), and the next `upcoming` to open.

        A connection that opens silent still sends its `hello`.
        """
        self._silences += upcoming
        for connection in list(self._open)[:only]:
            connection.silent = True

    def strike_dumb(self) -> None:
        """Stop delivery on the open connections, which still answer pings."""
        for connection in self._open:
            connection.dumb = True

    async def disconnect(
        self, reason: str = "refresh_requested", *, after: float = 0.0, only: int | None = None
    ) -> None:
        """Send `disconnect` on the first `only` open connections, and close them later.

        `after` is the wait before the close, in real seconds. Slack asks the app to reconnect every
        few hours. Its reasons are `warning`, about ten seconds ahead, `refresh_requested`,
        `link_disabled` and `too_many_websockets`.
        """
        closing = list(self._open)[:only]
        for connection in closing:
            if not connection.silent:
                await connection.socket.send_str(disconnect(reason))
        await asyncio.sleep(after)
        for connection in closing:
            await connection.socket.close()

    async def drop(self, *, abruptly: bool = False, only: int | None = None) -> None:
        """Close the first `only` open connections; `abruptly` drops the TCP connection instead."""
        for connection in list(self._open)[:only]:
            if abruptly and connection.request.transport is not None:
                connection.request.transport.abort()
            else:
                await connection.socket.close()

    async def _serve(self, connection: Connection) -> None:
        self._open.append(connection)
        self.some_open.set()
        greeting = hello(len(self._open), self._app_id)
        writer = asyncio.create_task(_write(connection, greeting))
        self._listener.opened()
        try:
            async for frame in connection.socket:
                if not connection.silent:
                    await self._hear(connection, frame)
        finally:
            writer.cancel()
            self._open.remove(connection)
            if not self._open:
                self.some_open.clear()
            self._listener.lost(connection)

    async def _hear(self, connection: Connection, frame: WSMessage) -> None:
        if frame.type is WSMsgType.PING:
            await connection.socket.pong(frame.data)
        if frame.type is WSMsgType.TEXT:
            self._listener.received(frame.data)


async def _write(connection: Connection, greeting: str) -> None:
    """Send the queued frames in order until the socket breaks; the reader cleans up."""
    await connection.socket.send_str(greeting)
    while not connection.socket.closed:
        frame = await connection.outgoing.get()
        if not (connection.silent or connection.dumb):
            await connection.socket.send_str(frame)
