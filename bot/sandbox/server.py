"""The sandbox: a Slack on loopback that a real app can be pointed at."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.listening import Listener
from bot.sandbox.administering import Administering
from bot.sandbox.answers import ImpossibleError
from bot.sandbox.building import Building
from bot.sandbox.enriching import Enriching
from bot.sandbox.file_doors import LARGEST_FILE
from bot.sandbox.interacting import Interacting
from bot.sandbox.reading import Reading
from bot.sandbox.records import Json
from bot.sandbox.writing import Writing

SHUTDOWN_SECONDS = 1.0


class Sandbox(Building, Administering, Writing, Enriching, Interacting, Reading):
    """Slack in a box: its Web API and Socket Mode, the people who use it, and what they see.

    `clock` stamps every message. `port` 0 takes a free one, and keeps it over a stop and a start,
    which is how an outage is played: the workspace stays, and events wait. `rate_limits` are
    Slack's own, others (`Limits`), or none. `ack_seconds` and `retry_seconds` are real time.

    With a `request_url` events, commands and interactions go there by HTTP, signed with
    `signing_secret`; without one they go over Socket Mode. `delayed_seconds` are the waits of
    Delayed Events on both ways, Slack's being an hour each, 24 times (`DELAYED_EVENTS`); without
    them HTTP gives an event up after the third repeat, and Socket Mode, less strict than Slack,
    keeps it for the next connection.

    With a `manifest` the app has the scopes, event subscriptions, commands and shortcuts that it
    asks for, and no others; without one it may do and hear everything.
    """

    _listener: Listener | None = None

    async def start(self) -> None:
        """Begin to listen on 127.0.0.1."""
        routes = web.Application(client_max_size=LARGEST_FILE)
        routes.router.add_route("*", "/api/{method}", self._web_api.handle)
        routes.router.add_get("/link/", self._sockets.connections.connect)
        for kind in ("actions", "commands"):
            routes.router.add_post(f"/{kind}/{{team}}/{{secret}}", self._response_door.handle)
        routes.router.add_post("/upload/v1/{secret}", self._file_doors.take)
        routes.router.add_get("/files/{file_id}/{name}", self._file_doors.give)
        listener = Listener(routes, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self._port = await listener.start("127.0.0.1", self._port)
        self._listener = listener
        if self._http is not None:
            await self._http.start()

    async def stop(self) -> None:
        """Break off what hangs, close every connection, stop listening; twice does no harm."""
        if self._listener is None:
            return
        listener, self._listener = self._listener, None
        self.faults.release()
        if self._http is not None:
            await self._http.stop()
        await self._sockets.stop()
        await listener.stop()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def connected(self) -> asyncio.Event:
        """Set while the app has a socket open."""
        return self._sockets.connections.some_open

    def wait_connected(self, timeout: float = 10.0) -> Coroutine[Any, Any, bool]:
        """Wait until the app has a socket open; TimeoutError after `timeout` real seconds."""
        return asyncio.wait_for(self.connected.wait(), timeout)

    @property
    def undelivered(self) -> int:
        """How many events the app has not acked yet."""
        return self.deliveries.undelivered

    async def verify_url(self) -> bool:
        """Whether the app answers the challenge that Slack puts to a new request URL."""
        if self._http is None:
            raise ImpossibleError("there is no request URL to verify: give one to the sandbox")
        return await self._http.verify_url()

    @property
    def given_up(self) -> list[Json]:
        """The events that the app never took, after the last try."""
        return list((self._http or self._sockets).given_up)

    @property
    def open_sockets(self) -> int:
        """How many the app has open."""
        return self._sockets.connections.open_now

    async def drop_sockets(self, *, abruptly: bool = False, only: int | None = None) -> None:
        """Close every socket, or `only` so many; `abruptly` pulls the cable instead."""
        await self._sockets.connections.drop(abruptly=abruptly, only=only)

    async def disconnect_sockets(
        self, reason: str = "refresh_requested", *, after: float = 0.0, only: int | None = None
    ) -> None:
        """Ask the app to reconnect, as Slack does every few hours, then close.

        Slack's reasons are `warning`, which comes about ten seconds ahead (`after`, in real
        seconds), `refresh_requested`, `link_disabled` and `too_many_websockets`.
        """
        await self._sockets.connections.disconnect(reason, after, only)

    def silence_sockets(self, *, upcoming: int = 0, only: int | None = None) -> None:
        """Let the open sockets (or `only` so many), and the next `upcoming` ones, fall silent: they
        deliver and answer nothing more."""
        self._sockets.connections.silence(upcoming, only)

    def strike_sockets_dumb(self) -> None:
        """Let the open sockets deliver nothing more, though they answer pings."""
        self._sockets.connections.strike_dumb()

    def refuse_handshakes(self, times: int = 1) -> None:
        """Answer the next handshakes with 503; the ticket of each is spent all the same."""
        self._sockets.connections.refuse_handshakes(times)

    def redeliver_last(self) -> None:
        """Deliver the last event once more, though it was acked."""
        self.deliveries.redeliver_last()
