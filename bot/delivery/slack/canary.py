"""The canary: detects that Slack no longer delivers events.

A connection may be open, answer every ping and deliver nothing; a request URL may be disabled. The
app's own messages come back as events, so if Slack accepts a message and delivers no event for a
minute after it, delivery is broken.
"""

import structlog

from bot.domain.operations.alarms import SlackSilent
from bot.domain.operations.health import NothingDelivered
from bot.time_source import steady_seconds
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import OpenDesk
from bot.views.operations.health import problem_words
from bot.workers import PeriodicWorker

BACK_WITHIN_SECONDS = 60.0
QUIET_SECONDS = 600.0  # a connection without a delivery for this long is renewed
LOOK_SECONDS = 1.0
TELL_AGAIN_SECONDS = 3600.0


class Canary(PeriodicWorker):
    """Monitors incoming deliveries.

    `is_alone` says that no other process shares the app: another process might receive the events
    of our own messages. A Slack-compatible server may not send an app's own messages back, so they
    are expected only after the first has arrived.
    """

    def __init__(self, write: OpenDesk, *, is_alone: bool) -> None:
        super().__init__(self._look, "the canary could not raise its alarm", interval=LOOK_SECONDS)
        self._write = write
        self._is_alone = is_alone
        self._own_events_arrive = False
        self._heard_at = steady_seconds()
        self._waiting_since: float | None = None  # start of the call whose event is missing
        self._alarmed_at: float | None = None  # when the alarm was last raised
        self._log = structlog.get_logger("canary")

    @property
    def problem(self) -> NothingDelivered | None:
        return None if self._alarmed_at is None else NothingDelivered()

    def heard(self, *, own_words: bool) -> None:
        """Record a delivery from Slack."""
        self._heard_at = steady_seconds()
        self._waiting_since = None
        self._own_events_arrive |= own_words
        if self._alarmed_at is not None:
            self._alarmed_at = None
            self._log.warning("Slack delivers again")

    def said(self, channel: str, asked_at: float) -> None:
        """Record that Slack accepted a message; `asked_at` is the start of the call.

        Direct messages are ignored, because Slack sends no event for them.
        """
        comes_back = self._is_alone and self._own_events_arrive and not channel.startswith("D")
        if comes_back and self._waiting_since is None and self._heard_at < asked_at:
            self._waiting_since = asked_at

    def wants_new_connection(self, opened_at: float) -> bool:
        """Return whether a connection opened at `opened_at` has been silent for too long."""
        now = steady_seconds()
        if now - max(self._heard_at, opened_at) > QUIET_SECONDS:
            return True
        waiting_since = self._waiting_since
        return (
            waiting_since is not None and now - max(waiting_since, opened_at) > BACK_WITHIN_SECONDS
        )

    async def _look(self) -> None:
        if self._is_alarm_due():
            await self._raise_alarm()

    def _is_alarm_due(self) -> bool:
        now = steady_seconds()
        if self._waiting_since is None or now - self._waiting_since <= BACK_WITHIN_SECONDS:
            return False
        return self._alarmed_at is None or now - self._alarmed_at > TELL_AGAIN_SECONDS

    async def _raise_alarm(self) -> None:
        """Raise the alarm.

        The alarm is a message too: when its event arrives, delivery works again.
        """
        if self._alarmed_at is None:
            self._log.critical("Slack delivers nothing", ails=problem_words(NothingDelivered()))
        self._alarmed_at = steady_seconds()
        async with self._write() as desk:
            await raise_alarm(desk, f"silent:{desk.now:%Y-%m-%dT%H}", SlackSilent())
