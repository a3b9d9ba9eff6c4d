"""The original and current text of messages: edits and deletions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.intake.channel_message import ChannelMessage, OnRecord
from bot.domain.ticket import Side
from bot.slack_ts import MessageTs
from storage.engine.rows import insert_unless_there
from storage.tables.intake import messages, wordings


class SqlWordings:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def current(self, channel_id: ChannelId, ts: MessageTs) -> OnRecord | None:
        """Return the message at this place with its current text."""
        statement = select(messages).where(messages.c.channel_id == channel_id, messages.c.ts == ts)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None else _on_record(row)

    async def of_ticket(
        self, ticket_id: TicketId, user_id: UserId | None, since_ts: MessageTs, until_ts: MessageTs
    ) -> list[OnRecord]:
        """Return a person's messages to a ticket in `[since_ts, until_ts)`, oldest first.

        If `user_id` is None, the messages of everybody are returned.
        """
        statement = (
            select(messages)
            .where(messages.c.ticket_id == ticket_id)
            .where(messages.c.ts >= since_ts, messages.c.ts < until_ts)
            .order_by(messages.c.ts)
        )
        if user_id is not None:
            statement = statement.where(messages.c.user_id == user_id)
        return [_on_record(row) for row in await self._connection.execute(statement)]

    async def keep(self, message: ChannelMessage, since_ts: MessageTs) -> None:
        """Record the text that a message had from `since_ts` on, whether or not it is current."""
        row = {
            "channel_id": message.channel_id,
            "ts": message.ts,
            "since_ts": since_ts,
            "text": message.text,
            "file_names": list(message.file_names),
            "recorded_at": self._now,
        }
        await insert_unless_there(self._connection, wordings, row)

    async def reword(self, message: ChannelMessage, since_ts: MessageTs) -> None:
        """Replace the current text of a recorded message."""
        await self._connection.execute(
            update(messages)
            .where(messages.c.channel_id == message.channel_id, messages.c.ts == message.ts)
            .values(text=message.text, file_names=list(message.file_names), edited_ts=since_ts)
        )

    async def erase(self, channel_id: ChannelId, ts: MessageTs, deleted_at: datetime) -> None:
        """Erase every text of a message; its author, time and ticket remain."""
        nothing = {"text": "", "file_names": []}
        await self._connection.execute(
            update(messages)
            .where(messages.c.channel_id == channel_id, messages.c.ts == ts)
            .values(nothing | {"deleted_at": deleted_at})
        )
        await self._connection.execute(
            update(wordings)
            .where(wordings.c.channel_id == channel_id, wordings.c.ts == ts)
            .values(nothing)
        )


def _on_record(row: Row[Any]) -> OnRecord:
    message = ChannelMessage(
        row.channel_id,
        row.ts,
        row.thread_ts,
        row.user_id,
        row.text,
        tuple(row.file_names),
        row.client_msg_id,
    )
    side = Side(row.side) if row.side else None
    since_ts = row.edited_ts or row.ts
    return OnRecord(message, side, row.ticket_id, since_ts, row.deleted_at is not None)
