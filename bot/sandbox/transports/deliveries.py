"""The path of an event to the app, with the delivery faults that tests have ordered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.faults.delivery_faults import Behind, Delay, Duplicate, Hold, LateOrLost
from bot.sandbox.faults.orders import Condition, Orders
from bot.sandbox.json_types import Json
from bot.sandbox.transports.envelopes import Ack
from bot.sandbox.transports.protocols import Transport


@dataclass
class _Overtaken:
    payload: Json
    left: int


class Deliveries:
    """Passes events and questions to the transport. Faults affect events alone."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._orders: Orders[LateOrLost] = Orders()
        self._held: list[Json] = []
        self._overtaken: list[_Overtaken] = []
        self._delayed: set[asyncio.TimerHandle] = set()

    def add(
        self,
        fault: LateOrLost,
        *,
        of: str = "*",
        times: int = 1,
        after: int = 0,
        when: Condition | None = None,
    ) -> None:
        """Order `fault` for `times` events of the type `of`, after `after` events without it.

        An `of` of "*" means any type. `when` selects events by the inner event; events that are
        not selected do not count.
        """
        self._orders.place(of, fault, times=times, after=after, when=when)

    def clear(self) -> None:
        """Remove all orders. Events that are held or delayed stay so."""
        self._orders.clear()

    def release(self, reorder: Callable[[list[Json]], list[Json]] = list) -> None:
        """Deliver the events that are held or overtaken.

        `reorder` returns the events to deliver, in any order and with repetitions. Events that it
        leaves out stay held.
        """
        waiting = [*(event.payload for event in self._overtaken), *self._held]
        released = reorder(waiting)
        self._overtaken = []
        self._held = [body for body in waiting if not any(body is other for other in released)]
        for payload in released:
            self._transport.deliver_event(payload)

    @property
    def held(self) -> int:
        """The number of events that wait until `release`."""
        return len(self._held)

    @property
    def undelivered(self) -> int:
        """The number of events that the app has not acknowledged, held and delayed included."""
        waiting = len(self._held) + len(self._overtaken) + len(self._delayed)
        return waiting + self._transport.undelivered

    def redeliver_last(self) -> None:
        self._transport.redeliver_last()

    async def ask(self, kind: str, payload: Json) -> Ack:
        return await self._transport.ask(kind, payload)

    def deliver_event(self, payload: Json) -> None:
        event = payload.get("event", payload)
        match self._orders.strike(event["type"], event):
            case Hold():
                self._held.append(payload)
            case Behind(others):
                self._overtaken.append(_Overtaken(payload, others))
            case Delay(seconds):
                self._deliver_after(seconds, payload)
            case Duplicate(more):
                self._pass_on(payload, times=1 + more)
            case None:
                self._pass_on(payload)

    def _pass_on(self, payload: Json, *, times: int = 1) -> None:
        for _ in range(times):
            self._transport.deliver_event(payload)
        for overtaken in list(self._overtaken):
            overtaken.left -= 1
            if overtaken.left == 0:
                self._overtaken.remove(overtaken)
                self._transport.deliver_event(overtaken.payload)

    def _deliver_after(self, seconds: float, payload: Json) -> None:
        def deliver() -> None:
            self._delayed.discard(handle)
            self._pass_on(payload)

        handle = asyncio.get_running_loop().call_later(seconds, deliver)
        self._delayed.add(handle)
