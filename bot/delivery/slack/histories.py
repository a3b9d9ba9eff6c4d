"""Reads the history of a channel to find missed messages.

`conversations.history` omits replies in threads, which are read thread by thread. Both methods are
of Slack's tier 3, "50+ per minute", with up to 999 messages a call, for an app that a workspace
has built for itself. Calls are sequential.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS, NotTaken, classify_error, error_code
from bot.errors import SlackTrouble
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.intake.backfill import Found, PastMessage, Reading

PAGE = 200  # messages per call: 999 would take tens of megabytes
ATTEMPTS = 5  # attempts per page while Slack limits the rate
LONGEST_WAIT_SECONDS = 60.0
# The thread's first message was deleted and had no replies, or a Slack-compatible server
# has no histories at all.
_NOTHING_THERE = frozenset({"thread_not_found", "unknown_method"})

Method = Callable[..., Awaitable[Any]]


class Histories:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._own_user: str | None = None

    async def read(self, reading: Reading) -> Found:
        """Return every message that a reading asks for.

        Raises SlackTrouble if any part is unavailable: in a partial history, a message that was
        not read looks deleted.
        """
        where = {"channel": reading.channel_id}
        since = {"oldest": str(reading.oldest_ts), "inclusive": True}
        top = await self._all(reading, self._client.conversations_history, **where, **since)
        active = [message.ts for message in top if _is_active(message, reading.active_ts)]
        messages = {message.ts: message for message in top}
        threads = set()
        for root in sorted({*reading.threads, *active}):
            thread = await self._all(
                reading, self._client.conversations_replies, **where, ts=str(root)
            )
            messages |= {message.ts: message for message in thread}
            threads |= {root} if thread else set()
        first_ts = min((message.ts for message in top), default=None)
        return Found(messages, first_ts, frozenset(threads), await self._who_we_are())

    async def _who_we_are(self) -> str:
        if self._own_user is None:
            self._own_user = str((await self._page(self._client.auth_test, {}))["user_id"])
        return self._own_user

    async def _all(self, reading: Reading, method: Method, **where: Any) -> list[PastMessage]:
        try:
            return await self._pages(reading, method, **where)
        except SlackTrouble as trouble:
            if trouble.error not in _NOTHING_THERE:
                raise
            return []

    async def _pages(self, reading: Reading, method: Method, **where: Any) -> list[PastMessage]:
        messages: list[PastMessage] = []
        cursor = ""
        while True:
            page = await self._page(method, where | {"limit": PAGE, "cursor": cursor or None})
            found = map(PastMessage.parse, page["messages"])
            messages += [
                message if reading.is_news(message) else _outline(message) for message in found
            ]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return messages

    async def _page(self, method: Method, query: Json, attempt: int = 1) -> Any:
        """Return a page; after a rate limit, wait as long as Slack says and retry."""
        try:
            return await method(**query)
        except CALL_ERRORS as error:
            judged, is_answer = classify_error(error, attempt), isinstance(error, SlackApiError)
            if attempt == ATTEMPTS or not (is_answer and isinstance(judged, NotTaken)):
                raise SlackTrouble(judged.error, error_code(error)) from error
            wait = min(judged.after_seconds, LONGEST_WAIT_SECONDS)
        await asyncio.sleep(wait)
        return await self._page(method, query, attempt + 1)


def _is_active(message: PastMessage, since: MessageTs) -> bool:
    """Return whether the thread of the message has a reply since then."""
    latest_reply = message.body.get("latest_reply")
    return latest_reply is not None and MessageTs.parse(latest_reply) >= since


def _outline(message: PastMessage) -> PastMessage:
    """Return a recorded message with the fields that are still needed, to save memory."""
    names = ("subtype", "latest_reply", "reactions")
    body = {name: message.body[name] for name in names if name in message.body}
    return replace(message, body=body)
