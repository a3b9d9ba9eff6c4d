"""The heartbeat: a URL that is called while the desk is healthy.

The service at that URL raises the alarm when the calls stop, also if the desk itself is down.
"""

import asyncio

import aiohttp
import structlog

from bot.views.operations.health import ailments
from bot.workers import safely, until
from handlers.http.health import Watch

FIRST_AFTER_SECONDS = 10.0  # time for Slack to connect
BEAT_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class Heartbeat:
    """The worker that calls the heartbeat URL."""

    def __init__(self, watch: Watch, url: str) -> None:
        self._watch = watch
        self._url = url
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger("heartbeat")

    def stop(self) -> None:
        """Stop the heartbeat."""
        self._stopping.set()

    async def run(self) -> None:
        """Call the URL at intervals until `stop` is called."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session:
            await until(self._stopping, FIRST_AFTER_SECONDS)
            while not self._stopping.is_set():
                await safely(lambda: self._beat(session), "the heartbeat failed")
                await until(self._stopping, BEAT_SECONDS)

    async def _beat(self, session: aiohttp.ClientSession) -> None:
        try:
            problems = ailments(await self._watch.signs())
            if problems:
                self._log.info("the desk is not well, so the heartbeat is silent", **problems)
                return
            async with session.get(self._url):
                pass
        except (aiohttp.ClientError, TimeoutError) as error:
            # The error itself contains the URL, which is as secret as a password.
            kind, status = type(error).__name__, getattr(error, "status", None)
            self._log.warning("nobody heard the heartbeat", error=kind, status=status)
