"""Progress of reading Slack's history, and the recorded messages to compare it with."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId
from bot.domain.intake.channel_message import Kept
from bot.domain.ticket import TicketState
from bot.slack_ts import MessageTs
from storage.engine.rows import insert_new, put_rows
from storage.tables.intake import backfills, messages
from storage.tables.operations import clients
from storage.tables.tickets import tickets

_NEW = timedelta(minutes=1)  # a message this young may not be in Slack's history yet
_AHEAD = timedelta(minutes=1)


class SqlBackfill:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def claim(self, read_before: datetime) -> list[ChannelId]:
        """Claim the clients' channels whose last reading began at or before `read_before`.

        Returns their ids; the caller has to read them now. A start recorded in the future was
        written before the machine's clock was set back, so the channel is claimed again.
        """
        channels = select(clients.c.channel_id).where(clients.c.channel_id.is_not(None))
        wanted = list((await self._connection.execute(channels)).scalars())
        if not wanted:
            return []
        rows = [{"channel_id": channel} for channel in wanted]
        await insert_new(self._connection, backfills, rows)
        last = backfills.c.begun_at
        statement = (
            update(backfills)
            .where(backfills.c.channel_id.in_(wanted))
            .where(or_(last.is_(None), last <= read_before, last > self._now + _AHEAD))
            .values(begun_at=self._now)
            .returning(backfills.c.channel_id)
        )
        return sorted((await self._connection.execute(statement)).scalars())

    async def read_until(self, channel_id: ChannelId) -> datetime | None:
        """Return the instant up to which a channel was read and stored; None if it never was."""
        statement = select(backfills.c.read_until).where(backfills.c.channel_id == channel_id)
        return (await self._connection.execute(statement)).scalar_one_or_none()

    async def move(self, channel_id: ChannelId, read_until: datetime) -> None:
        row = {"channel_id": channel_id, "read_until": read_until}
        await put_rows(self._connection, backfills, ("channel_id",), [row])

    async def threads(self, channel_id: ChannelId, resolved_since: datetime) -> list[MessageTs]:
        """Return the root `ts` of each thread of a ticket that is open or was resolved since then.

        Threads of tickets merged into one of them are included.
        """
        is_open = tickets.c.state == TicketState.OPEN.value
        of_late = or_(is_open, tickets.c.resolved_at >= resolved_since)
        go_on = select(tickets.c.key).where(tickets.c.channel_id == channel_id, of_late)
        statement = (
            select(tickets.c.thread_ts)
            .where(tickets.c.channel_id == channel_id, tickets.c.thread_ts.is_not(None))
            .where(or_(of_late, tickets.c.merged_into.in_(go_on)))
            .order_by(tickets.c.thread_ts)
        )
        return list((await self._connection.execute(statement)).scalars())

    async def kept(
        self, channel_id: ChannelId, since_ts: MessageTs, roots: Collection[MessageTs]
    ) -> list[Kept]:
        """Return the recorded messages of a channel since `since_ts`, and all of the threads in
        `roots`.
        """
        statement = (
            select(messages)
            .where(messages.c.channel_id == channel_id)
            .where(
                or_(
                    messages.c.ts >= since_ts,
                    messages.c.ts.in_(roots),
                    messages.c.thread_ts.in_(roots),
                )
            )
            .order_by(messages.c.ts)
        )
        return [
            Kept(
                row.ts,
                row.thread_ts,
                row.client_msg_id,
                row.edited_ts or row.ts,
                row.deleted_at is not None,
                row.received_at > self._now - _NEW,
                row.ticket_id is not None,
            )
            for row in await self._connection.execute(statement)
        ]
