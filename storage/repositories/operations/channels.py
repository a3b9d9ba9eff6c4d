"""Channels whose ID Slack has changed: every reference follows."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId
from storage.engine.rows import put_rows
from storage.tables.intake import backfills, messages, wordings
from storage.tables.operations import clients, former_channels, inbox, outbox
from storage.tables.reports import subscriptions
from storage.tables.tickets import tickets

_FORMER = select(former_channels)
# The history is left out: it keeps the ids of its time.
_NAMED_IN: tuple[Column[str], ...] = (
    clients.c.channel_id,
    tickets.c.channel_id,
    messages.c.channel_id,
    wordings.c.channel_id,
    outbox.c.channel,
    outbox.c.sent_channel,
    subscriptions.c.channel_id,
)


class SqlChannels:
    def __init__(
        self, connection: AsyncConnection, now: datetime, moved: Callable[[], None]
    ) -> None:
        self._connection = connection
        self._moved = moved
        self._now = now
        self._became: dict[ChannelId, ChannelId] | None = None

    async def current(self, channel_id: ChannelId) -> ChannelId:
        """Return the ID that this channel has now.

        IDs rarely change, so a transaction reads the table once.
        """
        if self._became is None:
            rows = await self._connection.execute(_FORMER)
            self._became = {row.channel_id: row.became for row in rows}
        seen = {channel_id}
        while (became := self._became.get(channel_id)) and became not in seen:
            seen.add(became)
            channel_id = became
        return channel_id

    async def follow(self, channel_id: ChannelId, became: ChannelId) -> None:
        """Record a channel's new ID and update every reference; repeating it is harmless."""
        row = {"channel_id": channel_id, "became": became, "recorded_at": self._now}
        await put_rows(self._connection, former_channels, ("channel_id",), [row])
        self._became = None
        self._moved()
        now_called = await self.current(became)
        for column in _NAMED_IN:
            moved = update(column.table).where(column == channel_id)
            await self._connection.execute(moved.values({column: now_called}))
        read = backfills.alias("read")
        unread = update(backfills).where(backfills.c.channel_id == channel_id)
        unread = unread.where(~exists().where(read.c.channel_id == now_called))
        await self._connection.execute(unread.values(channel_id=now_called))
        undone = update(inbox).where(inbox.c.lane == channel_id, inbox.c.done_at.is_(None))
        await self._connection.execute(undone.values(lane=now_called))
