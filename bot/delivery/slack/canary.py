"""The canary: whether what happens in Slack still reaches us.

A connection may be open, answer each ping and deliver nothing; a request URL may have been switched
off. What the desk itself writes in a channel comes back as an event, so when Slack has taken a
message and nothing at all has come for a minute after it, Slack delivers nothing.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from bot.errors import StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.workers import until

BACK_WITHIN_SECONDS = 60.0
QUIET_SECONDS = 600.0  # without a sign of life, and a connection is renewed all the same
LOOK_SECONDS = 1.0
TELL_AGAIN_SECONDS = 3600.0
SILENT = (
    "Slack takes what I write and delivers nothing of what happens there: see on your app's page"
    " that Event Subscriptions are on, and status.slack.com for whether others miss events too"
)
_ALARM = (
    "For a minute Slack has delivered nothing of what happens there. I opened new connections, and"
    " what was written meanwhile I find in its history within minutes; what was pressed is lost, so"
    " please press it again. If /healthz is not well in five minutes, please see on the app's page"
    " that Event Subscriptions are on."
)
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Canary:
    """Every delivery is a sign of life. `is_alone`: no other process shares the app, and may be
    the one that our own words come back to.

    A Slack-compatible server may not send an app's own words back, so they are missed only once
    they have been seen to come.
    """

    def __init__(self, write: OpenDesk, *, is_alone: bool) -> None:
        self._write = write
        self._is_alone = is_alone
        self._own_words_come = False
        self._heard_at = steady_seconds()
        self._waits_since: float | None = None  # for what we wrote then to come back
        self._told_at: float | None = None  # that nothing comes
        self._stopping = asyncio.Event()
        self._log = structlog.get_logger("canary")

    @property
    def ails(self) -> str:
        return "" if self._told_at is None else SILENT

    def heard(self, *, own_words: bool) -> None:
        """Slack has delivered something."""
        self._heard_at = steady_seconds()
        self._waits_since = None
        self._own_words_come |= own_words
        if self._told_at is not None:
            self._told_at = None
            self._log.warning("Slack delivers again")

    def said(self, channel: str, asked_at: float) -> None:
        """Slack has taken a message of ours; `asked_at` is when the call began. Of direct messages
        no event tells."""
        comes_back = self._is_alone and self._own_words_come and not channel.startswith("D")
        if comes_back and self._waits_since is None and self._heard_at < asked_at:
            self._waits_since = asked_at

    def wants_new_connection(self, opened_at: float) -> bool:
        """Whether a connection that was opened then has shown no sign of life for too long."""
        now = steady_seconds()
        if now - max(self._heard_at, opened_at) > QUIET_SECONDS:
            return True
        waits_since = self._waits_since
        return waits_since is not None and now - max(waits_since, opened_at) > BACK_WITHIN_SECONDS

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping.is_set():
            if self._is_to_be_told():
                await self._tell()
            await until(self._stopping, LOOK_SECONDS)

    def _is_to_be_told(self) -> bool:
        now = steady_seconds()
        if self._waits_since is None or now - self._waits_since <= BACK_WITHIN_SECONDS:
            return False
        return self._told_at is None or now - self._told_at > TELL_AGAIN_SECONDS

    async def _tell(self) -> None:
        """The alarm is a message too: when it comes back, all is well again."""
        if self._told_at is None:
            self._log.critical("Slack delivers nothing", ails=SILENT)
        self._told_at = steady_seconds()
        try:
            async with self._write() as desk:
                await raise_alarm(desk, f"silent:{desk.now:%Y-%m-%dT%H}", _ALARM)
        except StoreTrouble:
            return  # whoever opened the desk has noted it
