"""Runs use-cases for handlers in a transaction, and shows the results to people."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

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


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """The result of a use-case that was carried out."""

    value: T


@dataclass(frozen=True, slots=True)
class Refused:
    """The refusal of a use-case, whose transaction was rolled back."""

    refusal: Refusal

    @property
    def sentence(self) -> str:
        """The plain text, for a dialog."""
        return sentence_of(self.refusal)

    @property
    def text(self) -> str:
        """The text as mrkdwn, for a message; quoted input is escaped, so it has no effect."""
        return refusal_message(self.sentence, self.refusal.people).text


Result: TypeAlias = Done[T] | Refused


class Door:
    """Shared by all handlers: transactions, and messages to people."""

    def __init__(self, write: OpenDesk, read: OpenDesk, client: AsyncWebClient) -> None:
        self.write = write
        self.read = read
        self.client = client
        self._log = structlog.get_logger("handlers")
        self.under_way = UnderWay()  # includes work after the acknowledgement

    async def run_write(self, use_case: Callable[[Desk], Awaitable[T]]) -> Result[T]:
        """Run a use-case in a writing transaction, which has ended when this returns."""
        return await self._run(self.write, use_case)

    async def run_read(self, query: Callable[[Desk], Awaitable[T]]) -> Result[T]:
        """Run a query in a reading transaction."""
        return await self._run(self.read, query)

    async def _run(self, opened: OpenDesk, use_case: Callable[[Desk], Awaitable[T]]) -> Result[T]:
        try:
            with self.under_way:
                async with opened() as desk:
                    return Done(await use_case(desk))
        except Refusal as refusal:
            return Refused(refusal)
        except StoreTrouble:
            return Refused(StoreUnavailable())
        except Exception:  # noqa: BLE001 (entry point: the crash is logged and shown as a reference)
            reference = secrets.token_hex(4)
            self._log.exception("a gesture crashed", reference=reference)
            return Refused(Crashed(reference))

    async def show_dialog(self, body: Json, view: Json) -> str | None:
        """Open a dialog; return a sentence for the person if Slack does not."""
        try:
            with self.under_way:
                await self.client.views_open(trigger_id=body["trigger_id"], view=view)
        except SLACK_TROUBLE as error:
            self._log.warning("a dialog did not open", error=str(error))
            return NO_DIALOG
        return None

    async def tell(self, body: Json, text: str | None) -> None:
        """Send an ephemeral message to the person who clicked; None sends nothing.

        Delivery is best effort: ephemeral messages cannot be looked up, so nothing important
        depends on them.
        """
        if not text:
            return
        place = body.get("container", {})
        try:
            with self.under_way:
                await self.client.chat_postEphemeral(
                    channel=body["channel"]["id"],
                    user=body["user"]["id"],
                    thread_ts=place.get("thread_ts"),
                    text=text,
                )
        except SLACK_TROUBLE as error:
            self._log.warning("could not tell a person", error=str(error))
