"""The heartbeat: a URL that is called while the desk is healthy.

The service at that URL raises the alarm when the calls stop, also if the desk itself is down.
"""

import aiohttp
import structlog

from bot.views.operations.health import ailments
from bot.workers import PeriodicWorker
from handlers.http.health import Watch

FIRST_AFTER_SECONDS = 10.0  # time for Slack to connect
BEAT_SECONDS = 60.0
ANSWER_SECONDS = 10.0


class Heartbeat(PeriodicWorker):
    """The worker that calls the heartbeat URL."""

    def __init__(self, watch: Watch, url: str) -> None:
        super().__init__(
            self._beat,
            "the heartbeat failed",
            interval=BEAT_SECONDS,
            first_delay=FIRST_AFTER_SECONDS,
        )
        self._watch = watch
        self._url = url
        self._log = structlog.get_logger("heartbeat")

    async def _beat(self) -> None:
        try:
            problems = ailments(await self._watch.signs())
            if problems:
                self._log.info("the desk is not well, so the heartbeat is silent", **problems)
                return
            timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
            async with (
                aiohttp.ClientSession(timeout=timeout, raise_for_status=True) as session,
                session.get(self._url),
            ):
                pass
        except (aiohttp.ClientError, TimeoutError) as error:
            # The error itself contains the URL, which is as secret as a password.
            kind, status = type(error).__name__, getattr(error, "status", None)
            self._log.warning("nobody heard the heartbeat", error=kind, status=status)
