"""The interfaces through which events and questions reach the app."""

from typing import Protocol

from bot.sandbox.json_types import Json
from bot.sandbox.transports.envelopes import Ack


class Delivery(Protocol):
    """Delivers events and interactions to the app."""

    def deliver_event(self, payload: Json) -> None:
        """Deliver an event, and repeat it if the app does not acknowledge it."""

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Send a command or an interaction to the app a single time and return its answer."""


class Transport(Delivery, Protocol):
    """A connection to the app: Socket Mode or HTTP."""

    @property
    def undelivered(self) -> int:
        """The number of events that the app has not acknowledged yet."""

    def redeliver_last(self) -> None:
        """Send the last event again after its acknowledgement: Slack delivers at least once."""
