"""Socket Mode, kept open: a connection that is dead is given up for a new one.

The client reconnects by itself, but it retries a used address for ever once a handshake has
failed. So each connection is watched, and a new client is built where the old one is lost.
"""

import asyncio
from contextlib import suppress

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.errors import ConfigurationError
from bot.slack.verdict import CALL_ERRORS, TOKEN_REFUSED, NotTaken, error_code, verdict

PING_SECONDS = 5.0  # no answer to four pings, and the connection counts as dead
WATCH_SECONDS = 1.0
GRACE_SECONDS = 3.0  # for a change of connections that Slack has asked for
HANDSHAKE_SECONDS = 5.0
RETRY_SECONDS = 5.0
CLOSE_SECONDS = 5.0


class Socket:
    def __init__(self, bolt: AsyncApp, app_token: str) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._log = structlog.get_logger("socket")

    async def run(self) -> None:
        """Listen until cancelled. Raises ConfigurationError for a token that Slack refuses."""
        while True:
            # Slack's client logs what it does through Bolt's logger.
            handler = AsyncSocketModeHandler(
                self._bolt, self._app_token, ping_interval=PING_SECONDS
            )
            try:
                if await self._connect(handler.client):
                    await self._until_lost(handler.client)
            finally:
                await _close(handler.client)

    async def _connect(self, client: SocketModeClient) -> bool:
        """Whether the connection is open; if not, the wait that is due has passed."""
        try:
            opened = await self._bolt.client.apps_connections_open(app_token=self._app_token)
            client.wss_uri = str(opened["url"])
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                await client.connect()
        except CALL_ERRORS as error:
            if error_code(error) in TOKEN_REFUSED:
                raise ConfigurationError(
                    f"SLACK_APP_TOKEN is not accepted by Slack ({error_code(error)}): create one"
                    " with connections:write on your app's page, Basic Information"
                ) from None
            judged = verdict(error, attempts=1)
            self._log.warning("no connection to Slack yet", error=judged.error)
            wait = judged.after_seconds if isinstance(judged, NotTaken) else RETRY_SECONDS
            await asyncio.sleep(wait)
            return False
        self._log.info("connected to Slack")
        return True

    async def _until_lost(self, client: SocketModeClient) -> None:
        lost_seconds = 0.0
        while lost_seconds < GRACE_SECONDS:
            await asyncio.sleep(WATCH_SECONDS)
            lost_seconds = 0 if await client.is_connected() else lost_seconds + WATCH_SECONDS
        self._log.warning("the connection to Slack is lost, opening a new one")


async def _close(client: SocketModeClient) -> None:
    """Let go of it, within a time: what it had taken and not acknowledged comes again."""
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await client.close()
    finally:
        await client.aiohttp_client_session.close()
