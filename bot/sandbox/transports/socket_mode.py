"""Socket Mode: delivery of envelopes, acknowledgements and repeats."""

import asyncio
from collections import deque
from dataclasses import dataclass
from uuid import uuid4

from bot.sandbox.json_types import Json
from bot.sandbox.transports.connections import Connection, Connections
from bot.sandbox.transports.envelopes import Ack, Envelope, acknowledgement
from bot.sandbox.transports.retries import RetrySchedule


@dataclass
class _Pending:
    envelope: Envelope
    connection: Connection
    timer: asyncio.TimerHandle


class SocketMode:
    """Delivers each envelope to one of the open connections, and repeats it on another.

    Slack expects an acknowledgement within three seconds. It repeats an event "immediately", after
    one minute and after five minutes, and with Delayed Events hourly for a day. `delayed_seconds`
    are the waits of Delayed Events; after the last of them Slack gives the event up. With
    `delayed_seconds` None, an event that is not acknowledged, or that happens while no connection
    is open, waits for the next connection. All seconds are real.
    """

    def __init__(self, app_id: str, schedule: RetrySchedule) -> None:
        self.connections = Connections(self, app_id)
        self.ack_seconds = schedule.ack_seconds
        self.retry_seconds = tuple(schedule.retry_seconds)
        self.delayed_seconds = schedule.delayed_seconds
        self.given_up: list[Json] = []
        self.acked_after: deque[float] = deque(maxlen=100_000)  # real seconds, most recent last
        self._pending: dict[str, _Pending] = {}
        self._waiting: deque[Envelope] = deque()
        self._last: Envelope | None = None
        self._repeats: dict[asyncio.TimerHandle, Envelope] = {}

    @property
    def undelivered(self) -> int:
        """The number of events that are neither acknowledged nor given up."""
        unacknowledged = sum(pending.envelope.answer is None for pending in self._pending.values())
        return unacknowledged + len(self._waiting) + len(self._repeats)

    def deliver_event(self, payload: Json) -> None:
        self._last = Envelope("events_api", payload)
        self._send(self._last)

    def redeliver_last(self) -> None:
        """Send the last event again after its acknowledgement: Slack delivers at least once."""
        if self._last is None:
            raise LookupError("no event has been sent yet")
        again = Envelope("events_api", self._last.payload, attempt=1, reason="timeout")
        self._send(again)

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Send a command or an interaction to the app a single time and wait for its answer."""
        if not self.connections.some_open.is_set():
            return Ack(error="dispatch_failed")
        answer: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._send(Envelope(kind, payload, answer))
        answer_payload = await answer
        if answer_payload is None:
            return Ack(error="operation_timeout")
        return Ack(answer_payload)

    def opened(self) -> None:
        """Send the waiting events over the connection that has just opened."""
        waiting, self._waiting = self._waiting, deque()
        for envelope in waiting:
            self._send(envelope)

    def received(self, text: str) -> None:
        """Handle an acknowledgement. A late acknowledgement has no effect."""
        envelope_id, payload = acknowledgement(text)
        pending = self._pending.pop(envelope_id, None)
        if pending is None:
            return
        pending.timer.cancel()
        sent_at = pending.timer.when() - self.ack_seconds
        self.acked_after.append(asyncio.get_running_loop().time() - sent_at)
        answer = pending.envelope.answer
        if answer is not None and not answer.done():
            answer.set_result(payload)

    def lost(self, connection: Connection) -> None:
        """Move the events of a closed connection to another; its questions stay unanswered."""
        pending_here = [
            envelope_id
            for envelope_id, pending in self._pending.items()
            if pending.connection is connection
        ]
        for envelope_id in pending_here:
            pending = self._pending.pop(envelope_id)
            pending.timer.cancel()
            self._resend(pending.envelope)

    async def stop(self) -> None:
        """Close every connection. Events that are not acknowledged wait for the next start."""
        for handle, envelope in self._repeats.items():
            handle.cancel()
            self._waiting.append(envelope)
        self._repeats.clear()
        await self.connections.drop()

    def _send(self, envelope: Envelope, apart_from: Connection | None = None) -> None:
        connection = self.connections.next(apart_from)
        if connection is None:
            self._not_connected(envelope)
            return
        envelope_id = str(uuid4())
        loop = asyncio.get_running_loop()
        timer = loop.call_later(self.ack_seconds, self._not_acked, envelope_id)
        self._pending[envelope_id] = _Pending(envelope, connection, timer)
        connection.outgoing.put_nowait(envelope.frame(envelope_id))

    def _not_connected(self, envelope: Envelope) -> None:
        if self.delayed_seconds is None:
            self._waiting.append(envelope)
        else:
            self._try_later(envelope, "connection_failed")

    def _not_acked(self, envelope_id: str) -> None:
        pending = self._pending.pop(envelope_id)
        if pending.envelope.answer is not None:
            _give_up(pending.envelope.answer)
        else:
            self._try_later(pending.envelope, "timeout", pending.connection)

    def _try_later(
        self, envelope: Envelope, reason: str, apart_from: Connection | None = None
    ) -> None:
        waits = (*self.retry_seconds, *(self.delayed_seconds or ()))
        envelope.attempt, envelope.reason = envelope.attempt + 1, reason
        if envelope.attempt <= len(waits):
            self._repeat_after(waits[envelope.attempt - 1], envelope, apart_from)
        elif self.delayed_seconds is None:
            self._waiting.append(envelope)
        else:
            self.given_up.append(envelope.payload)

    def _repeat_after(
        self, seconds: float, envelope: Envelope, apart_from: Connection | None
    ) -> None:
        def repeat() -> None:
            del self._repeats[handle]
            self._send(envelope, apart_from)

        handle = asyncio.get_running_loop().call_later(seconds, repeat)
        self._repeats[handle] = envelope

    def _resend(self, envelope: Envelope) -> None:
        if envelope.answer is not None:
            _give_up(envelope.answer)
            return
        envelope.attempt, envelope.reason = envelope.attempt + 1, "connection_failed"
        self._send(envelope)


def _give_up(answer: asyncio.Future[Json | None]) -> None:
    if not answer.done():
        answer.set_result(None)
