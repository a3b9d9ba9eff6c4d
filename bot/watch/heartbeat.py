"""The heartbeat: an address that is called while all is well. Whoever listens there raises the
alarm when the calls stop, which a desk that is down could not do itself."""

import asyncio

import aiohttp
import structlog

from bot.domain.health import ailing
from bot.watch.watch import Watch
from bot.work import safely, until

FIRST_AFTER_SECONDS = 10.0  # once Slack is connected
BEAT_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class Heartbeat:
    def __init__(self, watch: Watch, url: str) -> None:
        self._watch = watch
        self._url = url
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger("heartbeat")

    def stop(self) -> None:
        """Beat no more."""
        self._stopping.set()

    async def run(self) -> None:
        """Beat until `stop`."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session:
            await until(self._stopping, FIRST_AFTER_SECONDS)
            while not self._stopping.is_set():
                await safely(lambda: self._beat(session), "the heartbeat failed")
                await until(self._stopping, BEAT_SECONDS)

    async def _beat(self, session: aiohttp.ClientSession) -> None:
        try:
            found = ailing(await self._watch.signs())
            if found:
                self._log.info("the desk is not well, so the heartbeat is silent", **found)
                return
            async with session.get(self._url):
                pass
        except (aiohttp.ClientError, TimeoutError) as error:
            # Not the whole error: it has the address in it, which is as good as a password.
            kind, status = type(error).__name__, getattr(error, "status", None)
            self._log.warning("nobody heard the heartbeat", error=kind, status=status)
