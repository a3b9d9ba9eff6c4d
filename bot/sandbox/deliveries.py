"""What can happen to an event on its way to the app, on order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.envelopes import Ack
from bot.sandbox.orders import Condition, Orders
from bot.sandbox.records import Json
from bot.sandbox.slack import Transport

DELAYED_EVENTS = (3600.0,) * 24
"""Slack, Delayed Events: once an hour for 24 hours after the third repeat; in seconds."""


@dataclass(frozen=True)
class Duplicate:
    """The event comes this many times more, each time with the same `event_id`."""

    more: int = 1


@dataclass(frozen=True)
class Delay:
    """The event comes this many real seconds late."""

    seconds: float


@dataclass(frozen=True)
class Behind:
    """The event comes after the next `others`: the order is not Slack's to promise."""

    others: int = 1


@dataclass(frozen=True)
class Hold:
    """The event waits until `release`."""


@dataclass(frozen=True)
class Lose:
    """The event never comes: what Slack sent while its tries ran out stands in history alone."""


Mishap = Duplicate | Delay | Behind | Hold | Lose


class DeliveryFault:
    """The mishaps by name, to be read where they are ordered: `DeliveryFault.DELAY(0.5)`."""

    DUPLICATE = Duplicate()
    DUPLICATES = Duplicate
    DELAY = Delay
    BEHIND = Behind
    HOLD = Hold()
    LOSE = Lose()


@dataclass
class _Overtaken:
    payload: Json
    left: int


class Deliveries:
    """Stands between Slack and the transport; questions pass, events may meet with a mishap.

    Slack's documentation promises neither the order of events nor that each comes once.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._orders: Orders[Mishap] = Orders()
        self._held: list[Json] = []
        self._overtaken: list[_Overtaken] = []
        self._late: set[asyncio.TimerHandle] = set()

    def add(
        self,
        mishap: Mishap,
        *,
        of: str = "*",
        times: int = 1,
        after: int = 0,
        when: Condition | None = None,
    ) -> None:
        """Strike `times` events of the type `of` ("*" for any), letting the first `after` pass.

        `when` picks among the events by the inner event; the others are not counted.
        """
        self._orders.place(of, mishap, times=times, after=after, when=when)

    def clear(self) -> None:
        """Forget all orders; what is held or late still is."""
        self._orders.clear()

    def release(self, reorder: Callable[[list[Json]], list[Json]] = list) -> None:
        """Deliver what is held or was to be overtaken; `reorder` gives back another order, some of
        it twice perhaps. What it leaves out is held on."""
        waiting = [*(each.payload for each in self._overtaken), *self._held]
        released = reorder(waiting)
        self._overtaken = []
        self._held = [one for one in waiting if not any(one is other for other in released)]
        for payload in released:
            self._transport.deliver_event(payload)

    @property
    def held(self) -> int:
        """Events that wait until `release`."""
        return len(self._held)

    @property
    def undelivered(self) -> int:
        """Events that the app has not acked yet, those on a detour included."""
        astray = len(self._held) + len(self._overtaken) + len(self._late)
        return astray + self._transport.undelivered

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
        for each in list(self._overtaken):
            each.left -= 1
            if each.left == 0:
                self._overtaken.remove(each)
                self._transport.deliver_event(each.payload)

    def _deliver_after(self, seconds: float, payload: Json) -> None:
        def deliver() -> None:
            self._late.discard(handle)
            self._pass_on(payload)

        handle = asyncio.get_running_loop().call_later(seconds, deliver)
        self._late.add(handle)
