"""The inbox: what Slack delivered, committed before it is acknowledged."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import InboxRow, Json
from storage.rows import insert_unless_there
from storage.schema import inbox


class SqlInbox:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def put(self, key: str, lane: str, body: Json) -> bool:
        """Keep a delivery; False if it was kept before (Slack repeats what it is unsure of)."""
        row = {
            "key": key,
            "lane": lane,
            "body": body,
            "received_at": self._now,
            "attempts": 0,
            "not_before": self._now,
        }
        return await insert_unless_there(self._connection, inbox, row) == 1

    async def waiting(self, limit: int) -> list[InboxRow]:
        """What is to be done now, oldest first; a lane whose first is to be tried again later
        waits with it, the others do not."""
        first = inbox.alias("first")
        held = exists().where(
            first.c.lane == inbox.c.lane,
            first.c.id <= inbox.c.id,
            first.c.done_at.is_(None),
            first.c.not_before > self._now,
        )
        statement = (
            select(inbox).where(inbox.c.done_at.is_(None), ~held).order_by(inbox.c.id).limit(limit)
        )
        rows = await self._connection.execute(statement)
        return [InboxRow(row.id, row.lane, row.body, row.attempts) for row in rows]

    async def done(self, row_id: int, outcome: str) -> None:
        await self._connection.execute(
            update(inbox).where(inbox.c.id == row_id).values(done_at=self._now, outcome=outcome)
        )

    async def again(self, row_id: int, not_before: datetime) -> None:
        values = {"attempts": inbox.c.attempts + 1, "not_before": not_before}
        await self._connection.execute(update(inbox).where(inbox.c.id == row_id).values(values))
