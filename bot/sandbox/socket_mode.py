"""Socket Mode: tickets, connections, envelopes, acks and repeats."""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.envelopes import Ack, Envelope, hello
from bot.sandbox.records import Json

MOST_CONNECTIONS = 10
CLOSE_SECONDS = 1.0


@dataclass(eq=False)
class _Connection:
    request: web.Request
    socket: web.WebSocketResponse
    silent: bool = False
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)


@dataclass
class _Pending:
    envelope: Envelope
    connection: _Connection
    timer: asyncio.TimerHandle


class SocketMode:
    """Delivers each envelope to one of the open connections.

    Slack wants an ack within three seconds and repeats an event "immediately", after a minute and
    after five; what is then still not acked, and what comes while no connection is open, is
    delivered on the next connection, as Slack does hourly with Delayed Events.
    """

    def __init__(self, *, ack_seconds: float, retry_seconds: Sequence[float]) -> None:
        self.ack_seconds = ack_seconds
        self.retry_seconds = tuple(retry_seconds)
        self._tickets: set[str] = set()
        self._connections: deque[_Connection] = deque()
        self._pending: dict[str, _Pending] = {}
        self._waiting: deque[Envelope] = deque()
        self._last: Envelope | None = None
        self._repeats: dict[asyncio.TimerHandle, Envelope] = {}
        self._connected = asyncio.Event()
        self._refusals = 0
        self._silences = 0

    @property
    def connected(self) -> asyncio.Event:
        """Set while a connection is open."""
        return self._connected

    @property
    def undelivered(self) -> int:
        """Events that the app has not acked yet."""
        pending = sum(each.envelope.answer is None for each in self._pending.values())
        return pending + len(self._waiting) + len(self._repeats)

    def new_ticket(self) -> str:
        """A ticket for one handshake."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def deliver_event(self, payload: Json) -> None:
        self._last = Envelope("events_api", payload)
        self._send(self._last)

    def redeliver_last(self) -> None:
        """Send the last event again, though it was acked: Slack delivers at least once."""
        if self._last is None:
            raise LookupError("no event has been sent yet")
        again = Envelope("events_api", self._last.payload, attempt=1, reason="timeout")
        self._send(again)

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Put a command or an interaction to the app and wait for its ack, never repeating."""
        if not self._connections:
            return Ack(error="dispatch_failed")
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._send(Envelope(kind, payload, answer))
        payload_given = await answer
        return Ack(error="operation_timeout") if payload_given is None else Ack(payload_given)

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
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        silent = self._silences > 0
        self._silences -= silent
        await self._serve(_Connection(request, socket, silent=silent))
        return socket

    def refuse_handshakes(self, times: int) -> None:
        """Answer the next handshakes with 503; their tickets are spent."""
        self._refusals += times

    def silence(self, upcoming: int) -> None:
        """Let the open connections fall silent, and the next `upcoming` ones after their hello.

        They stay open, deliver nothing, hear nothing and answer no ping.
        """
        self._silences += upcoming
        for connection in self._connections:
            connection.silent = True

    async def _serve(self, connection: _Connection) -> None:
        self._connections.append(connection)
        self._connected.set()
        writer = asyncio.create_task(_write(connection, hello(len(self._connections))))
        self._deliver_waiting()
        try:
            async for frame in connection.socket:
                if connection.silent:
                    continue
                if frame.type is WSMsgType.PING:
                    await connection.socket.pong(frame.data)
                if frame.type is WSMsgType.TEXT:
                    self._receive(frame.data)
        finally:
            writer.cancel()
            self._lose(connection)

    def _deliver_waiting(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for envelope in waiting:
            self._send(envelope)

    def _send(self, envelope: Envelope) -> None:
        if not self._connections:
            self._waiting.append(envelope)
            return
        connection = self._connections[0]
        self._connections.rotate(-1)
        envelope_id = str(uuid4())
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self.ack_seconds, self._not_acked, envelope_id)
        self._pending[envelope_id] = _Pending(envelope, connection, timer)
        connection.outgoing.put_nowait(envelope.frame(envelope_id))

    def _receive(self, text: str) -> None:
        """An ack; one that comes too late counts for nothing, as the repeat is under way."""
        frame = json.loads(text)
        pending = self._pending.pop(frame.get("envelope_id", ""), None)
        if pending is None:
            return
        pending.timer.cancel()
        answer = pending.envelope.answer
        if answer is not None and not answer.done():
            answer.set_result(frame.get("payload") or {})

    def _not_acked(self, envelope_id: str) -> None:
        envelope = self._pending.pop(envelope_id).envelope
        if envelope.answer is not None:
            _give_up(envelope.answer)
            return
        envelope.attempt += 1
        envelope.reason = "timeout"
        if envelope.attempt > len(self.retry_seconds):
            self._waiting.append(envelope)
            return
        self._repeat_after(self.retry_seconds[envelope.attempt - 1], envelope)

    def _repeat_after(self, seconds: float, envelope: Envelope) -> None:
        def repeat() -> None:
            del self._repeats[handle]
            self._send(envelope)

        handle = asyncio.get_running_loop().call_later(seconds, repeat)
        self._repeats[handle] = envelope

    def _lose(self, connection: _Connection) -> None:
        """A connection is gone: its events go to another one, its questions stay unanswered."""
        self._connections.remove(connection)
        if not self._connections:
            self._connected.clear()
        lost = [key for key, each in self._pending.items() if each.connection is connection]
        for envelope_id in lost:
            pending = self._pending.pop(envelope_id)
            pending.timer.cancel()
            self._resend(pending.envelope)

    def _resend(self, envelope: Envelope) -> None:
        if envelope.answer is not None:
            _give_up(envelope.answer)
            return
        envelope.attempt, envelope.reason = envelope.attempt + 1, "connection_failed"
        self._send(envelope)

    async def disconnect(self, reason: str, after: float = 0.0) -> None:
        """Say `disconnect` on each open connection, and close these `after` real seconds."""
        told = list(self._connections)
        for connection in told:
            if not connection.silent:
                await connection.socket.send_json({"type": "disconnect", "reason": reason})
        await asyncio.sleep(after)
        for connection in told:
            await connection.socket.close()

    async def drop(self, *, abruptly: bool = False) -> None:
        """Close every connection; abruptly means without a word, as when a cable is pulled."""
        for connection in list(self._connections):
            if abruptly and connection.request.transport is not None:
                connection.request.transport.abort()
            else:
                await connection.socket.close()

    async def stop(self) -> None:
        """Close everything; what has not been acked waits for the next start."""
        for handle, envelope in self._repeats.items():
            handle.cancel()
            self._waiting.append(envelope)
        self._repeats.clear()
        await self.drop()


async def _write(connection: _Connection, greeting: str) -> None:
    """Send what is queued, in order; a broken socket ends it, and its reader tidies up."""
    await connection.socket.send_str(greeting)
    while not connection.socket.closed:
        frame = await connection.outgoing.get()
        if not connection.silent:
            await connection.socket.send_str(frame)


def _give_up(answer: asyncio.Future[Json | None]) -> None:
    if not answer.done():
        answer.set_result(None)
