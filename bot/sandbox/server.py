"""The sandbox: a Slack on loopback that a real app can be pointed at."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.building import Building
from bot.sandbox.interacting import Interacting
from bot.sandbox.reading import Reading
from bot.sandbox.records import Json
from bot.sandbox.writing import Writing

SHUTDOWN_SECONDS = 1.0


class Sandbox(Building, Writing, Interacting, Reading):
    """Slack in a box: its Web API and Socket Mode, the people who use it, and what they see.

    `clock` stamps every message. `port` 0 takes a free one, and keeps it over a stop and a start,
    which is how an outage is played: the workspace stays, and events wait. `rate_limits` turns
    off Slack's pace for messages. `ack_seconds` and `retry_seconds` are real time.

    With a `request_url` events, commands and interactions go there by HTTP, signed with
    `signing_secret`; `delayed_seconds` are the waits of Delayed Events, Slack's being an hour each,
    24 times. Without one they go over Socket Mode.
    """

    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Begin to listen on 127.0.0.1."""
        routes = web.Application()
        routes.router.add_route("*", "/api/{method}", self._web_api.handle)
        routes.router.add_get("/link/", self._sockets.connect)
        for kind in ("actions", "commands"):
            routes.router.add_post(f"/{kind}/{{team}}/{{secret}}", self._response_door.handle)
        runner = web.AppRunner(routes, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port).start()
        self._port = runner.addresses[0][1]
        self._runner = runner
        if self._http is not None:
            await self._http.start()

    async def stop(self) -> None:
        """Break off what hangs, close every connection, stop listening; twice does no harm."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        self.faults.release()
        if self._http is not None:
            await self._http.stop()
        await self._sockets.stop()
        await runner.cleanup()

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
        return self._sockets.connected

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
        """The events that the request URL never took, after the last try."""
        return [] if self._http is None else list(self._http.given_up)

    async def drop_sockets(self, *, abruptly: bool = False) -> None:
        """Close every socket; `abruptly` pulls the cable instead."""
        await self._sockets.drop(abruptly=abruptly)

    async def disconnect_sockets(
        self, reason: str = "refresh_requested", *, after: float = 0.0
    ) -> None:
        """Ask the app to reconnect, as Slack does every few hours, then close.

        Slack's reasons are `warning`, which comes about ten seconds ahead (`after`, in real
        seconds), `refresh_requested`, `link_disabled` and `too_many_websockets`.
        """
        await self._sockets.disconnect(reason, after)

    def silence_sockets(self, *, upcoming: int = 0) -> None:
        """Let the open sockets, and the next `upcoming` ones, deliver and answer nothing more."""
        self._sockets.silence(upcoming)

    def refuse_handshakes(self, times: int = 1) -> None:
        """Answer the next handshakes with 503; the ticket of each is spent all the same."""
        self._sockets.refuse_handshakes(times)

    def revoke_tokens(self) -> None:
        """Take the app's tokens away: `tokens_revoked` says so, and each call is refused."""
        bot = [self.bot_user_id]
        self._slack.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bot}})
        self._web_api.revoked = True

    def redeliver_last(self) -> None:
        """Deliver the last event once more, though it was acked."""
        self.deliveries.redeliver_last()
