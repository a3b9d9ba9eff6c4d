"""Channels that receive a digest of a client or a plan."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ChannelId
from storage.engine.rows import insert_unless_there
from storage.tables.reports import subscriptions


class SqlSubscriptions:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def add(self, channel_id: ChannelId, subject: str, by: str) -> bool:
        """Subscribe a channel; False if it is subscribed already."""
        row = {"channel_id": channel_id, "subject": subject, "by": by, "at": self._now}
        return await insert_unless_there(self._connection, subscriptions, row)

    async def end(self, channel_id: ChannelId) -> None:
        """End all subscriptions of a channel."""
        statement = delete(subscriptions).where(subscriptions.c.channel_id == channel_id)
        await self._connection.execute(statement)

    async def all(self) -> list[tuple[ChannelId, str]]:
        """Return every channel with the subject of its digest."""
        columns = (subscriptions.c.channel_id, subscriptions.c.subject)
        rows = await self._connection.execute(select(*columns).order_by(*columns))
        return [(row.channel_id, row.subject) for row in rows]
