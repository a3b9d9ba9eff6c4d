"""The door itself: one use-case a gesture, a sentence for the person, a reference for a crash."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Refusal, StoreTrouble
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.views.refusals import refusal as refusal_message
from bot.workers import UnderWay

T = TypeVar("T")
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]
SLACK_TROUBLE = (SlackApiError, aiohttp.ClientError, TimeoutError)


class Door:
    """What every handler shares: transactions, and how people are told."""

    def __init__(self, write: OpenDesk, read: OpenDesk, client: AsyncWebClient) -> None:
        self.write = write
        self.read = read
        self.client = client
        self._log = structlog.get_logger("handlers")
        self.under_way = UnderWay()  # also what is said after the acknowledgement

    async def act(self, use_case: Callable[[Desk], Awaitable[object]]) -> str:
        """Run a use-case in a transaction of its own; what to tell the person, "" for nothing.

        The transaction is over (durable, or rolled back) when this returns.
        """
        done, refusal = await self._guarded(self.write, use_case)
        return _said(refusal) if refusal else done if isinstance(done, str) else ""

    async def answer(self, question: Callable[[Desk], Awaitable[T]], *, changes: bool) -> T | str:
        """The same for what is answered with more than a sentence; in a reading transaction unless
        it `changes` something."""
        found, refusal = await self._guarded(self.write if changes else self.read, question)
        return _said(refusal) if found is None else found

    async def reply(
        self, use_case: Callable[[Desk], Awaitable[T]]
    ) -> tuple[T | None, Refusal | None]:
        """Run a use-case in a transaction of its own: what came of it, or why it was not done."""
        return await self._guarded(self.write, use_case)

    async def look(
        self, question: Callable[[Desk], Awaitable[T]]
    ) -> tuple[T | None, Refusal | None]:
        """A question to the desk that a dialog asks: the answer, or why there is none."""
        return await self._guarded(self.read, question)

    async def attempt(self, use_case: Callable[[Desk], Awaitable[object]]) -> Refusal | None:
        """The same for a dialog, which shows a refusal beside the field that it is about."""
        return (await self._guarded(self.write, use_case))[1]

    async def open_dialog(self, body: Json, view: Callable[[Desk], Awaitable[Json]]) -> str:
        """Open the dialog that a question to the desk gives; what to tell instead, if refused."""
        found, refusal = await self._guarded(self.read, view)
        return _said(refusal) if found is None else await self.show(body, found)

    async def show(self, body: Json, view: Json) -> str:
        """Open a dialog; what to tell instead, if Slack does not."""
        try:
            with self.under_way:
                await self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SLACK_TROUBLE as error:
            self._log.warning("a dialog did not open", error=str(error))
            return "Slack did not open the dialog: please try again."
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
            return None, Refusal(
                "The desk cannot keep anything at the moment, and nothing was changed. Please try"
                " again in a few minutes."
            )
        except Exception:  # noqa: BLE001 (a door: the crash is logged whole and shown as a reference)
            reference = secrets.token_hex(4)
            self._log.exception("a gesture crashed", reference=reference)
            return None, Refusal(
                "Something went wrong on our side and nothing was changed. Please try again; if it"
                f" happens again, give the support team this reference: {reference}."
            )

    async def tell(self, body: Json, sentence: str) -> None:
        """Say a sentence to the person who pressed, for their eyes only. It is a courtesy:
        nothing that is owed is carried by a message that cannot be looked up."""
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


def _said(refusal: Refusal | None) -> str:
    """A refusal as mrkdwn: what somebody typed is in it as they typed it, and does nothing."""
    return refusal_message(str(refusal), refusal.mentions).text if refusal else ""
