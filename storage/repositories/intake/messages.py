"""Messages in clients' channels."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.intake.channel_message import ChannelMessage, Deletion, Written
from bot.domain.ticket import Side
from bot.slack_ts import MessageTs
from storage.engine.rows import insert_unless_there
from storage.tables.intake import messages

_CHANNEL: BindParameter[Any] = bindparam("channel")


_SETTLE = (
    update(messages)
    .where(messages.c.channel_id == _CHANNEL, messages.c.ts == bindparam("at_ts"))
    .values(side=bindparam("as_side"), ticket_id=bindparam("part_of"), because=bindparam("why"))
)


_JOIN = (
    update(messages)
    .where(messages.c.channel_id == _CHANNEL, messages.c.ts == bindparam("at_ts"))
    .values(ticket_id=bindparam("to"), because="staff wrote, before the ticket was known")
)


_OF_STAFF = (
    select(messages.c.user_id, messages.c.ts, messages.c.ticket_id)
    .where(
        messages.c.channel_id == _CHANNEL,
        messages.c.ts >= bindparam("since"),
        messages.c.thread_ts == bindparam("root"),
        messages.c.side == Side.STAFF.value,
    )
    .order_by(messages.c.ts)
)


_JOINED_NEAR = (
    select(messages.c.ticket_id)
    .where(
        messages.c.channel_id == _CHANNEL,
        messages.c.user_id == bindparam("user"),
        messages.c.ticket_id.is_not(None),
        messages.c.thread_ts.is_(None),
        messages.c.ts >= bindparam("since"),
        messages.c.ts < bindparam("until"),
    )
    .order_by(messages.c.ts >= bindparam("at_ts"), messages.c.ts.desc())
    .limit(1)
)


class SqlMessages:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, message: ChannelMessage, received_at: datetime) -> bool:
        """Insert a message; return False if its `ts` or its `client_msg_id` exists already."""
        row = {
            "channel_id": message.channel_id,
            "ts": message.ts,
            "thread_ts": message.thread_ts,
            "client_msg_id": message.client_msg_id,
            "user_id": message.user_id,
            "text": message.text,
            "file_names": list(message.file_names),
            "received_at": received_at,
        }
        return await insert_unless_there(self._connection, messages, row)

    async def record_stub(self, deletion: Deletion, received_at: datetime, because: str) -> None:
        """Insert a client's message without its words; its author may be unknown."""
        before = deletion.before
        row = {
            "channel_id": deletion.channel_id,
            "ts": deletion.ts,
            "thread_ts": before.thread_ts if before else None,
            "user_id": before.user_id if before else "",
            "text": "",
            "file_names": [],
            "received_at": received_at,
            "side": Side.CLIENT.value,
            "because": because,
        }
        await insert_unless_there(self._connection, messages, row)

    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: TicketId | None, because: str
    ) -> None:
        """Store whether a message is part of a ticket, who wrote it, and the reason."""
        at = {"channel": message.channel_id, "at_ts": message.ts}
        became = {"as_side": side.value, "part_of": ticket_id, "why": because}
        await self._connection.execute(_SETTLE, at | became)

    async def ticket_of(self, channel_id: ChannelId, ts: MessageTs) -> TicketId | None:
        """Return the ticket that the message at this place belongs to."""
        statement = select(messages.c.ticket_id).where(
            messages.c.channel_id == channel_id, messages.c.ts == ts
        )
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def of_staff(
        self, channel_id: ChannelId, thread_ts: MessageTs, since_ts: MessageTs
    ) -> list[Written]:
        """Return the messages of staff in a thread from `since_ts` on, oldest first."""
        parameters = {"channel": channel_id, "root": thread_ts, "since": since_ts}
        rows = await self._connection.execute(_OF_STAFF, parameters)
        return [Written(row.user_id, row.ts, row.ticket_id) for row in rows]

    async def join(self, channel_id: ChannelId, ts: MessageTs, ticket_id: TicketId) -> None:
        """Assign the message at this place to a ticket that became known after it."""
        await self._connection.execute(_JOIN, {"channel": channel_id, "at_ts": ts, "to": ticket_id})

    async def joined_near(
        self,
        channel_id: ChannelId,
        user_id: UserId,
        since_ts: MessageTs,
        ts: MessageTs,
        until_ts: MessageTs,
    ) -> TicketId | None:
        """Return the ticket of this person's newest top-level message in `[since_ts, ts)`, else in
        `[ts, until_ts)`.
        """
        span = {"since": since_ts, "at_ts": ts, "until": until_ts}
        parameters = {"channel": channel_id, "user": user_id} | span
        return (await self._connection.execute(_JOINED_NEAR, parameters)).scalar_one_or_none()
