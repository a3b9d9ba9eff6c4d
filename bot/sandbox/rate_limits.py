"""Slack's rate limits.

Calls of each method in a minute, one message in a second in each channel, and 30,000 events in an
hour.
"""

import asyncio
import math
from collections import defaultdict, deque
from collections.abc import Callable, Mapping

from bot.sandbox.message_pace import MessagePace

POST = "chat.postMessage"
MINUTE, HOUR = 60.0, 3600.0
EVENTS_AN_HOUR = 30_000
TIER_2, TIER_3, TIER_4 = 20, 50, 100

A_MINUTE: Mapping[str, int] = {
    "api.test": TIER_4,
    "apps.connections.open": TIER_3,
    "bots.info": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    POST: 300,  # Slack: several hundred per workspace, without a number
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "files.info": TIER_4,
    "reactions.add": TIER_3,
    "reactions.remove": TIER_2,
    "team.info": TIER_3,
    "users.conversations": TIER_3,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
"""The tier on each method's page, "per API method per workspace per app". Slack guarantees this
number and tolerates bursts; the sandbox allows exactly this number. A commercially distributed app
may call conversations.history and conversations.replies once a minute each."""


def _loop_time() -> float:
    return asyncio.get_running_loop().time()


class Limits:
    """Counts calls and events against the limits.

    `time` returns seconds, by default of the event loop. `a_minute` replaces Slack's limits for the
    methods that it names.
    """

    def __init__(
        self,
        time: Callable[[], float] = _loop_time,
        *,
        a_minute: Mapping[str, int] | None = None,
        burst: int = 5,
        events_an_hour: int = EVENTS_AN_HOUR,
    ) -> None:
        self._time = time
        self._a_minute = {**A_MINUTE, **(a_minute or {})}
        self._pace = MessagePace(time, burst=burst)
        self._events_an_hour = events_an_hour
        self._events: deque[float] = deque()
        self._minute_reported = -1
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait_before(self, method: str, channel: str) -> int:
        """Return the whole seconds to wait, as in `Retry-After`, or 0 if the call may pass.

        A call that may pass counts; a refused call does not.
        """
        now, calls = self._time(), self._calls[method]
        _drop_until(calls, now - MINUTE)
        if len(calls) >= self._a_minute.get(method, math.inf):
            return max(1, math.ceil(calls[0] + MINUTE - now))
        wait = self._pace.wait_before(channel) if method == POST else 0
        if not wait:
            calls.append(now)
        return wait

    def admits_event(self) -> bool:
        """Return whether an event may be delivered in this hour, and count it if so."""
        now = self._time()
        _drop_until(self._events, now - HOUR)
        if len(self._events) >= self._events_an_hour:
            return False
        self._events.append(now)
        return True

    def reports_event_limit(self) -> bool:
        """Return whether to send `app_rate_limited` now: once in each minute."""
        minute = int(self._time() // MINUTE)
        is_new, self._minute_reported = minute != self._minute_reported, minute
        return is_new


def _drop_until(moments: deque[float], until: float) -> None:
    while moments and moments[0] <= until:
        moments.popleft()
