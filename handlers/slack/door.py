"""Runs use-cases for handlers: a transaction, a sentence for the person, a crash reference."""

import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.operations.refusals import Crashed, StoreUnavailable
from bot.errors import Refusal, StoreTrouble
from bot.json_types import Json
from bot.usecases.desk import Desk, OpenDesk
from bot.views.refusals import NO_DIALOG, sentence_of
from bot.views.refusals import refusal as refusal_message
from bot.workers import UnderWay

T = TypeVar("T")
SLACK_TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)


class Door:
    """Shared by all handlers: transactions, and messages to people."""

    def __init__(self, write: OpenDesk, read: OpenDesk, client: AsyncWebClient) -> None:
        self.write = write
        self.read = read
        self.client = client
        self._log = structlog.get_logger("handlers")
        self.under_way = UnderWay()  # includes work after the acknowledgement

    async def act(self, use_case: Callable[[Desk], Awaitable[object]]) -> str:
        """Run a use-case in a transaction; return the sentence for the person, "" for none.

        The transaction is committed or rolled back when this returns.
        """
        done, refusal = await self._guarded(self.write, use_case)
        return _refusal_text(refusal) if refusal else done if isinstance(done, str) else ""

    async def answer(self, question: Callable[[Desk], Awaitable[T]], *, changes: bool) -> T | str:
        """Run a use-case that returns more than a sentence.

        It gets a reading transaction unless it `changes` something.
        """
        result, refusal = await self._guarded(self.write if changes else self.read, question)
        return _refusal_text(refusal) if result is None else result

    async def reply(
        self, use_case: Callable[[Desk], Awaitable[T]]
    ) -> tuple[T | None, Refusal | None]:
        """Run a use-case in a writing transaction; return its result, or the refusal."""
        return await self._guarded(self.write, use_case)

    async def look(
        self, question: Callable[[Desk], Awaitable[T]]
    ) -> tuple[T | None, Refusal | None]:
        """Run a query for a dialog; return its result, or the refusal."""
        return await self._guarded(self.read, question)

    async def attempt(self, use_case: Callable[[Desk], Awaitable[object]]) -> Refusal | None:
        """Run a use-case for a dialog, which shows the refusal beside the field concerned."""
        return (await self._guarded(self.write, use_case))[1]

    async def open_dialog(self, body: Json, view: Callable[[Desk], Awaitable[Json]]) -> str:
        """Open the dialog that a query returns; return a sentence for the person if refused."""
        result, refusal = await self._guarded(self.read, view)
        return _refusal_text(refusal) if result is None else await self.show(body, result)

    async def show(self, body: Json, view: Json) -> str:
        """Open a dialog; return a sentence for the person if Slack does not."""
        try:
            with self.under_way:
                await self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SLACK_TROUBLE as error:
            self._log.warning("a dialog did not open", error=str(error))
            return NO_DIALOG
        return ""

    async def _guarded(
        self, opened: OpenDesk, use_case: Callable[[Desk], Awaitable[T]]
    ) -> tuple[T | None, Refusal | None]:
        try:
            with self.under_way:
                async with opened() as desk:
                    return await use_case(desk), None
        except Refusal as refusal:
            return None, refusal
        except StoreTrouble:
            return None, StoreUnavailable()
        except Exception:  # noqa: BLE001 (entry point: the crash is logged and shown as a reference)
            reference = secrets.token_hex(4)
            self._log.exception("a gesture crashed", reference=reference)
            return None, Crashed(reference)

    async def tell(self, body: Json, sentence: str) -> None:
        """Send an ephemeral message to the person who clicked.

        Delivery is best effort: ephemeral messages cannot be looked up, so nothing important
        depends on them.
        """
        if not sentence:
            return
        place = body.get("container", {})
        try:
            with self.under_way:
                await self.client.chat_postEphemeral(
                    channel=body["channel"]["id"],
                    user=body["user"]["id"],
                    thread_ts=place.get("thread_ts"),
                    text=sentence,
                )
        except SLACK_TROUBLE as error:
            self._log.warning("could not tell a person", error=str(error))


def _refusal_text(refusal: Refusal | None) -> str:
    """Return a refusal as mrkdwn; quoted input is escaped, so it has no effect."""
    return refusal_message(sentence_of(refusal), refusal.people).text if refusal else ""
