"""The Web API clients, which share an HTTP session."""

from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery.slack.classify_error import HeldBack, NotTaken, classify_error
from bot.time_source import TimeSource

CALL_TIMEOUT_SECONDS = 10
LONGEST_PAUSE = timedelta(minutes=1)  # limits the damage if the clock is changed meanwhile
_BY_CHANNEL = "chat.postMessage"


def web_session() -> aiohttp.ClientSession:
    """Return the session that every call shares, with the timeout.

    slack_sdk applies its own timeout only to sessions that it opens itself, and aiohttp would wait
    for five minutes.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS))


def web_client(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return a client on a shared session, for any Slack-compatible `api_url`.

    The client never retries: slack_sdk's default handlers would post a message twice after a lost
    response. The outbox retries, and looks a message up before it repeats it.
    """
    return AsyncWebClient(**_settings(token, api_url, session))


def outbox_client(
    token: str, api_url: str, session: aiohttp.ClientSession, clock: TimeSource
) -> AsyncWebClient:
    """Return a client for the outbox, which respects Slack's rate limits by the desk's clock."""
    return _OutboxClient(clock, _settings(token, api_url, session))


def _settings(token: str, api_url: str, session: aiohttp.ClientSession) -> dict[str, Any]:
    return {
        "token": token,
        "base_url": api_url.rstrip("/") + "/",
        "session": session,
        "timeout": CALL_TIMEOUT_SECONDS,
        "retry_handlers": [],
    }


class _OutboxClient(AsyncWebClient):
    """A client that calls no method before the time that `Retry-After` named.

    Slack's limits are "applied on a 'per API method per workspace/team per app' basis". The limit
    of a message is mostly that of its channel, "one message per second per channel"; it waits in
    the outbox, and other channels continue.
    """

    def __init__(self, clock: TimeSource, settings: dict[str, Any]) -> None:
        super().__init__(**settings)
        self._clock = clock
        self._held_until: dict[str, datetime] = {}

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        """Call a method. Raises HeldBack while Slack's rate limit for it lasts."""
        now = self._clock.now()
        left = self._held_until.get(api_method, now) - now
        if timedelta(0) < left <= LONGEST_PAUSE:
            raise HeldBack(left.total_seconds())
        try:
            return await super().api_call(api_method, **more)
        except SlackApiError as error:
            judged = classify_error(error, attempts=1)
            if isinstance(judged, NotTaken) and api_method != _BY_CHANNEL:
                wait = min(timedelta(seconds=judged.after_seconds), LONGEST_PAUSE)
                self._held_until[api_method] = self._clock.now() + wait
            raise
