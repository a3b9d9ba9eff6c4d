"""Keeps Socket Mode connected and replaces dead connections.

Slack's client reconnects by itself, but it closes the old connection before it opens a new
connection, and after a failed handshake it retries a used address for ever. Therefore two
connections are open ("up to 10", and any may get any envelope), both are monitored, and a lost
connection is replaced by a new client.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import time

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.delivery.slack.canary import Canary
from bot.delivery.slack.classify_error import (
    CALL_ERRORS,
    TOKEN_REFUSED,
    NotTaken,
    classify_error,
    error_code,
)
from bot.domain.operations.health import AppTokenRefused, NotConnected
from bot.domain.operations.setup_faults import AppTokenInvalid
from bot.errors import ConfigurationError
from bot.time_source import steady_seconds
from bot.views.operations.health import problem_words
from bot.workers import UnderWay, until

CONNECTIONS = 2
PING_SECONDS = 5.0  # after four unanswered pings the connection is dead
WATCH_SECONDS = 1.0
HANDSHAKE_SECONDS = 5.0
RETRY_SECONDS = 5.0
REFUSED_RETRY_SECONDS = 60.0
CLOSE_SECONDS = 2.0


class Socket:
    """The connections.

    `on_connected` is called when the first connection is open and whenever a lost connection is
    replaced, because events may have been lost meanwhile.
    """

    def __init__(
        self, bolt: AsyncApp, app_token: str, canary: Canary, on_connected: Callable[[], None]
    ) -> None:
        self._bolt = bolt
        self._canary = canary
        self._on_connected = on_connected
        self._app_token = app_token
        self._stopping = asyncio.Event()
        self._under_way = UnderWay()
        self._open: set[SocketModeClient] = set()
        self._was_open = False
        self._refused: AppTokenRefused | None = None
        self._log = structlog.get_logger("socket")

    @property
    def problem(self) -> AppTokenRefused | NotConnected | None:
        """Why no event can arrive; None while a connection is open."""
        return None if self._open else self._refused or NotConnected()

    def stop(self) -> None:
        """Stop receiving."""
        self._stopping.set()

    async def run(self) -> None:
        """Listen until `stop`, and acknowledge all received envelopes.

        Raises ConfigurationError if Slack refuses the token at the start.
        """
        refused: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                listening = [tasks.create_task(self._keep_open()) for _ in range(CONNECTIONS)]
                await self._stopping.wait()
                await self._under_way.over()
                for task in listening:
                    task.cancel()
        except* ConfigurationError as errors:
            refused = errors.exceptions[0]
        if refused is not None:
            raise refused

    async def _keep_open(self) -> None:
        """Open connections in succession.

        If Slack closes a new connection at once (there are too many), wait before the next.
        """
        was_open = False
        while True:
            begun = steady_seconds()
            client = _Client(self._app_token, self._bolt)
            client.socket_mode_request_listeners.append(self._take)
            try:
                if await self._connect(client):
                    if was_open or len(self._open) == 1:
                        self._on_connected()
                    was_open = True
                    await self._until_lost(client)
            finally:
                self._open.discard(client)
                await _close(client)
            await asyncio.sleep(max(0.0, begun + RETRY_SECONDS - steady_seconds()))

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if self._stopping.is_set():
            return  # not acknowledged, so Slack delivers it again
        with self._under_way:
            answer = await run_async_bolt_app(self._bolt, request)
            await send_async_response(client, request, answer, time())

    async def _connect(self, client: SocketModeClient) -> bool:
        """Return whether the connection opened; if not, the required wait is over on return."""
        try:
            opened = await self._bolt.client.apps_connections_open(app_token=self._app_token)
            client.wss_uri = str(opened["url"])
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await client.connect()
        except CALL_ERRORS as error:
            await asyncio.sleep(self._wait_after(error))
            return False
        self._open.add(client)
        self._was_open, self._refused = True, None
        self._log.info("connected to Slack", connections=len(self._open))
        return True

    def _wait_after(self, error: Exception) -> float:
        """Return the seconds to wait after an error.

        Raises ConfigurationError if Slack refuses the token before the first connection is open.
        """
        if error_code(error) in TOKEN_REFUSED:
            self._refuse(error_code(error))
            return REFUSED_RETRY_SECONDS
        judged = classify_error(error, attempts=1)
        self._log.warning("no connection to Slack yet", error=judged.error)
        return judged.after_seconds if isinstance(judged, NotTaken) else 0.0

    def _refuse(self, error: str) -> None:
        if not self._was_open:
            raise AppTokenInvalid(error)
        is_news = self._refused is None
        self._refused = AppTokenRefused(error)
        if is_news:
            because = problem_words(self._refused)
            self._log.critical("Slack takes no connection of ours any more", because=because)

    async def _until_lost(self, client: "_Client") -> None:
        opened_at = steady_seconds()
        while await client.is_connected() and not client.lost.is_set():
            if len(self._open) > 1 and self._canary.wants_new_connection(opened_at):
                self._log.warning("a connection to Slack brings nothing, opening a new one")
                return
            await until(client.lost, WATCH_SECONDS)
        self._log.warning("a connection to Slack is lost, opening a new one")


class _Client(SocketModeClient):
    """Slack's client, which reports that it needs a new connection instead of opening it."""

    def __init__(self, app_token: str, bolt: AsyncApp) -> None:
        # The client logs through Bolt's logger.
        super().__init__(app_token, bolt.logger, bolt.client, ping_interval=PING_SECONDS)
        self.lost = asyncio.Event()

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (the signature of the base class)
        self.lost.set()


async def _close(client: SocketModeClient) -> None:
    """Close a client within a time limit; Slack resends unacknowledged envelopes."""
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await client.close()
    finally:
        await client.aiohttp_client_session.close()
        # The client's tasks survive a close that was cancelled.
        client.message_processor.cancel()
        for task in (client.current_session_monitor, client.message_receiver):
            if task is not None:
                task.cancel()
