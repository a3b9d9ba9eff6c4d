"""The open sockets of an app: tickets, handshakes, who is next, silence and the end."""

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.envelopes import disconnect, hello

MOST_CONNECTIONS = 10
CLOSE_SECONDS = 1.0


@dataclass(eq=False)
class Connection:
    """One open socket; a silent one delivers nothing, hears nothing and answers no ping. A dumb one
    answers pings, and delivers nothing."""

    request: web.Request
    socket: web.WebSocketResponse
    silent: bool = False
    dumb: bool = False
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)


class Listener(Protocol):
    """Who is told of what happens on the sockets."""

    def opened(self) -> None: ...

    def received(self, text: str) -> None: ...

    def lost(self, connection: Connection) -> None: ...


class Connections:
    """At most ten at once; each handshake needs a ticket of its own."""

    def __init__(self, listener: Listener, app_id: str) -> None:
        self.some_open = asyncio.Event()
        self._listener = listener
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: deque[Connection] = deque()
        self._refusals = 0
        self._silences = 0

    def new_ticket(self) -> str:
        """A ticket for one handshake."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def next(self, apart_from: Connection | None = None) -> Connection | None:
        """Whose turn it is, in rotation; another than `apart_from` where there is one."""
        if not self._open:
            return None
        if self._open[0] is apart_from:
            self._open.rotate(-1)
        chosen = self._open[0]
        self._open.rotate(-1)
        return chosen

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The handshake and then the life of one connection."""
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

    def refuse_handshakes(self, times: int) -> None:
        """Answer the next handshakes with 503; their tickets are spent."""
        self._refusals += times

    @property
    def open_now(self) -> int:
        return len(self._open)

    def silence(self, upcoming: int, only: int | None) -> None:
        """Let open connections fall silent, and the next `upcoming` ones after their hello."""
        self._silences += upcoming
        for connection in list(self._open)[:only]:
            connection.silent = True

    def strike_dumb(self) -> None:
        """Let the open connections deliver nothing more, though they answer pings."""
        for connection in self._open:
            connection.dumb = True

    async def disconnect(self, reason: str, after: float = 0.0, only: int | None = None) -> None:
        """Say `disconnect` on open connections, and close these `after` real seconds."""
        told = list(self._open)[:only]
        for connection in told:
            if not connection.silent:
                await connection.socket.send_str(disconnect(reason))
        await asyncio.sleep(after)
        for connection in told:
            await connection.socket.close()

    async def drop(self, *, abruptly: bool = False, only: int | None = None) -> None:
        """Close open connections; abruptly means without a word, as when a cable is pulled."""
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
    """Send what is queued, in order; a broken socket ends it, and its reader tidies up."""
    await connection.socket.send_str(greeting)
    while not connection.socket.closed:
        frame = await connection.outgoing.get()
        if not (connection.silent or connection.dumb):
            await connection.socket.send_str(frame)


def envelope_of(text: str) -> tuple[str, dict[str, object]]:
    """The envelope that a frame of the app acknowledges, and what it says to it."""
    frame = json.loads(text)
    return frame.get("envelope_id", ""), frame.get("payload") or {}
