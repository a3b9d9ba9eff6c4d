"""The messenger's operations in Slack; every operation runs once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import (
    CALL_ERRORS,
    NotTaken,
    Refused,
    ShutOut,
    classify_error,
    error_code,
)
from bot.delivery.slack.lookup import file_name, find, marked, metadata
from bot.delivery.slack.outcome import NotThere, Outcome, Pointless, Shown
from bot.delivery.slack.rendering import render
from bot.domain.destinations import Direct, Pager
from bot.domain.escalation.messages import Page
from bot.domain.ids import TicketId, UserId
from bot.domain.operations.messages import UnreadableMessage, Withdrawal
from bot.domain.outbox_row import OutboxRow
from bot.domain.tickets.messages import MirroredMessages
from bot.domain.tickets.ticket_view import TicketView
from bot.slack_ts import MessageTs
from bot.time_source import TimeSource
from bot.usecases.desk import Desk
from bot.usecases.tickets.ticket_views import view_tickets
from bot.views.message import Message, Upload

NAMES_TIMEOUT_SECONDS = 2.0
Call = Callable[[], Awaitable[Outcome]]


class Sender:
    """Operations in Slack. All raise the errors of a Slack call.

    `margin` exceeds the longest call: no call starts with less time left in its lease, because
    another sender may claim the message before the call ends.
    """

    def __init__(self, client: AsyncWebClient, clock: TimeSource, *, margin: timedelta) -> None:
        self._client = client
        self._clock = clock
        self._margin = margin
        self._direct: dict[str, str] = {}  # ID of the direct channel by user ID
        self._log = structlog.get_logger("messenger")

    async def prepared(self, desk: Desk, rows: Sequence[OutboxRow]) -> list[tuple[OutboxRow, Call]]:
        """Return the call to make for every row, with all data read from the store."""
        wanted = [row.outgoing.ticket_id for row in rows if not row.doubtful]
        ticket_views = await view_tickets(
            desk, [ticket_id for ticket_id in wanted if ticket_id is not None]
        )
        return [(row, await self._prepared(desk, row, ticket_views)) for row in rows]

    async def _prepared(
        self, desk: Desk, row: OutboxRow, ticket_views: Mapping[TicketId, TicketView]
    ) -> Call:
        if row.doubtful:
            return partial(self.look_up, row)
        match row.outgoing.message:
            case Withdrawal() as withdrawal:
                stands = await desk.work.outbox.place(withdrawal.key)
                return partial(self.withdraw, row, withdrawal, stands)
            case UnreadableMessage(kind=kind, error=error):
                raise LookupError(f"no way to say {kind}: {error}")
            case Page():
                raise LookupError("a page does not go to Slack")
            case post:
                message = await render(desk, post, ticket_views, row.outgoing.address)
                return _nothing if message is None else partial(self.say, row, message)

    async def say(self, row: OutboxRow, message: Message) -> Outcome:
        """Post a message, or update it if it was posted before."""
        channel = row.sent_channel or await self._channel(row)
        if message.unnamed and message.named is not None:
            message = message.named(await self._file_names(message.unnamed, _author(row)))
        if self._clock.now() > row.lease_until - self._margin:
            return NotTaken(0.0, "the lease ran out before the call")
        if message.upload is not None:
            return await self._upload(row, channel, message.upload)
        if row.sent_ts is not None:
            await self._client.chat_update(
                channel=channel,
                ts=str(row.sent_ts),
                text=message.text,
                blocks=message.blocks,
                metadata=metadata(row.mark),
            )
            return Shown(channel, row.sent_ts)
        posted = await self._client.chat_postMessage(
            channel=channel,
            thread_ts=_text(row.thread_ts),
            text=message.text,
            blocks=marked(message.blocks, row.mark),
            metadata=metadata(row.mark),
            unfurl_links=False,
            unfurl_media=False,
            username=message.username,
            reply_broadcast=True if message.to_all and row.thread_ts else None,
        )
        return Shown(str(posted.get("channel") or channel), MessageTs.parse(str(posted["ts"])))

    async def _upload(self, row: OutboxRow, channel: str, file: Upload) -> Outcome:
        """Create a file, outside the event loop, and upload it.

        A message with a file carries no metadata: the file's name contains the mark. A file that
        Slack refuses is left out, because the text is enough and other messages wait in this
        channel.
        """
        made = await asyncio.to_thread(file.make)
        try:
            await self._client.files_upload_v2(
                channel=channel,
                thread_ts=_text(row.thread_ts),
                filename=file_name(row.mark, file.ending),
                file=made,
                title=file.title,
                alt_txt=file.alt or None,
            )
        except SlackApiError as error:
            if not isinstance(classify_error(error, row.attempts), Refused | ShutOut):
                raise
            self._log.warning("a file was not shown", error=error_code(error))
            return Pointless()
        return Shown(channel, None)

    async def _file_names(self, file_ids: Sequence[str], owner: UserId | None) -> dict[str, str]:
        """Return the names of a person's files from `files.info`, as far as it answers within
        NAMES_TIMEOUT_SECONDS.

        The names are read when they are shown and never stored, so that none is left after the
        message is deleted.
        """
        names: dict[str, str] = {}
        try:
            async with asyncio.timeout(NAMES_TIMEOUT_SECONDS):
                for file_id in file_ids:
                    file = (await self._client.files_info(file=file_id)).get("file") or {}
                    # An ID typed in a text must not reveal another person's file.
                    if file.get("user") == owner:
                        names[file_id] = str(file.get("name") or "")
        except CALL_ERRORS as error:
            self._log.warning("a file could not be named", error=str(error) or repr(error))
        return names

    async def look_up(self, row: OutboxRow) -> Outcome:
        """Look in Slack for a message whose answer was lost."""
        channel = await self._channel(row)
        try:
            matches = await find(self._client, channel, row.thread_ts, row.mark, row.created_at)
        except SlackApiError as error:
            if error_code(error) != "unknown_method":
                raise
            # A Slack-compatible server without histories: a duplicate is better than a loss.
            self._log.warning("this server has no way to look a message up", key=row.outgoing.key)
            return NotThere()
        if not matches:
            return NotThere()
        self._log.info("found a message whose answer was lost", key=row.outgoing.key)
        return Shown(channel, matches[0])

    async def withdraw(
        self, row: OutboxRow, withdrawal: Withdrawal, stands: tuple[str, MessageTs] | None
    ) -> Outcome:
        """Delete late copies of a message if another copy `stands` (channel, `ts`)."""
        if stands is None:
            return Pointless()
        channel, standing_ts = stands
        for late in set(await self._copies(row, withdrawal, channel)) - {standing_ts}:
            await self._delete(channel, late)
            self._log.warning(
                "withdrew a message that stood twice", key=withdrawal.key, ts=str(late)
            )
        return Pointless()

    async def _copies(
        self, row: OutboxRow, withdrawal: Withdrawal, channel: str
    ) -> list[MessageTs]:
        """Return the timestamps of the message's copies in the channel."""
        if withdrawal.ts is not None:
            return [withdrawal.ts]
        mark, since = withdrawal.mark, withdrawal.since
        return await find(self._client, channel, row.thread_ts, mark, since)

    async def _delete(self, channel: str, ts: MessageTs) -> None:
        try:
            await self._client.chat_delete(channel=channel, ts=str(ts))
        except SlackApiError as error:
            if error_code(error) != "message_not_found":
                raise

    async def _channel(self, row: OutboxRow) -> str:
        """Return the channel's ID; for a person, the ID of the direct channel with them."""
        match row.outgoing.destination:
            case Direct(user_id=user_id):
                if user_id not in self._direct:
                    self._direct[user_id] = await self._open_direct(user_id)
                return self._direct[user_id]
            case Pager():
                raise LookupError("the pagers have no channel in Slack")
            case place:
                return place.channel_id

    async def _open_direct(self, user_id: str) -> str:
        try:
            opened = await self._client.conversations_open(users=user_id)
        except SlackApiError as error:
            if error_code(error) != "unknown_method":
                raise
            # A Slack-compatible server without this method: chat.postMessage accepts a user ID.
            self._log.warning("conversations.open is unknown here, posting to the user ID")
            return user_id
        return str(opened["channel"]["id"])


def _author(row: OutboxRow) -> UserId | None:
    """Return whose messages the row copies; None if it copies none, or if that is unknown."""
    message = row.outgoing.message
    return message.by if isinstance(message, MirroredMessages) else None


def _text(ts: MessageTs | None) -> str | None:
    return None if ts is None else str(ts)


async def _nothing() -> Outcome:
    return Pointless()
