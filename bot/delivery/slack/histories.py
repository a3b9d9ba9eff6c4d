"""Reading what stands in a channel, for what was missed. `conversations.history` has no replies in
threads; those are read thread by thread.

Both methods are of Slack's tier 3, "50+ per minute", with up to 999 messages a call, for an app
that a workspace has built for itself. One call goes at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, NotTaken, classify_error, error_code
from bot.errors import SlackTrouble
from bot.json_types import Json
from bot.usecases.intake.backfill import Found, Reading

PAGE = 200  # messages: 999 at once take tens of megabytes for a moment
ATTEMPTS = 5  # at one page while Slack says that it is asked too often
LONGEST_WAIT_SECONDS = 60.0
# The first message of a thread was deleted, and nobody had answered it; a Slack-compatible server
# has no histories at all.
_NOTHING_THERE = frozenset({"thread_not_found", "unknown_method"})

Method = Callable[..., Awaitable[Any]]


class Histories:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._own_user = ""

    async def read(self, reading: Reading) -> Found:
        """Everything that a reading asks for. Raises SlackTrouble where any of it is not to be had
        now: what was read by halves could not be told from what was deleted."""
        where = {"channel": reading.channel_id}
        since = {"oldest": reading.oldest_ts, "inclusive": True}
        top = await self._all(reading, self._client.conversations_history, **where, **since)
        active = [one["ts"] for one in top if one.get("latest_reply", "") >= reading.active_ts]
        messages = {one["ts"]: one for one in top}
        threads = set()
        for root in sorted({*reading.threads, *active}):
            thread = await self._all(reading, self._client.conversations_replies, **where, ts=root)
            messages |= {one["ts"]: one for one in thread}
            threads |= {root} if thread else set()
        first_ts = min((one["ts"] for one in top), default=None)
        return Found(messages, first_ts, frozenset(threads), await self._who_we_are())

    async def _who_we_are(self) -> str:
        if not self._own_user:
            self._own_user = str((await self._page(self._client.auth_test, {}))["user_id"])
        return self._own_user

    async def _all(self, reading: Reading, method: Method, **where: Any) -> list[Json]:
        try:
            return await self._pages(reading, method, **where)
        except SlackTrouble as trouble:
            if trouble.error not in _NOTHING_THERE:
                raise
            return []

    async def _pages(self, reading: Reading, method: Method, **where: Any) -> list[Json]:
        found: list[Json] = []
        cursor = ""
        while True:
            page = await self._page(method, where | {"limit": PAGE, "cursor": cursor or None})
            found += [one if reading.is_news(one) else _outline(one) for one in page["messages"]]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    async def _page(self, method: Method, query: Json, attempt: int = 1) -> Any:
        """One page; Slack is asked again when it says that it was asked too often, after the time
        that it says."""
        try:
            return await method(**query)
        except CALL_ERRORS as error:
            judged, is_answer = classify_error(error, attempt), isinstance(error, SlackApiError)
            if attempt == ATTEMPTS or not (is_answer and isinstance(judged, NotTaken)):
                raise SlackTrouble(judged.error, error_code(error)) from error
            wait = min(judged.after_seconds, LONGEST_WAIT_SECONDS)
        await asyncio.sleep(wait)
        return await self._page(method, query, attempt + 1)


def _outline(message: Json) -> Json:
    """What is on record as it reads: a week of it is not to be held in memory."""
    return {
        name: message[name]
        for name in ("ts", "subtype", "latest_reply", "reactions")
        if name in message
    }
