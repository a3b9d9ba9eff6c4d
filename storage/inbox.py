"""The inbox: what Slack delivered, committed before it is acknowledged."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import InboxRow, Json
from storage.holding import ClientHolds
from storage.rows import insert_unless_there
from storage.schema import inbox


class SqlInbox:
    def __init__(self, connection: AsyncConnection, now: datetime, holds: ClientHolds) -> None:
        self._connection = connection
        self._now = now
        self._holds = holds

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
        return await self._rows(self._ready().limit(limit))

    async def claim(self, limit: int) -> list[InboxRow]:
        """The same, for this transaction alone until it ends: a lane is worked by one at a time,
        in order, however many look. Lanes that others work are left to them."""
        if self._connection.dialect.name == "sqlite":
            return await self.waiting(limit)
        lanes = await self._own_lanes(limit)
        return await self._rows(self._ready().where(inbox.c.lane.in_(lanes)).limit(limit))

    async def done(self, row_id: int, outcome: str) -> None:
        await self._set(row_id, done_at=self._now, outcome=outcome)

    async def again(self, row_id: int, not_before: datetime) -> None:
        await self._set(row_id, attempts=inbox.c.attempts + 1, not_before=not_before)

    async def _own_lanes(self, limit: int) -> set[str]:
        """Lock the first row of each lane that nobody works, and the client it belongs to; where
        all those clients are busy, wait for one of them."""
        first = inbox.alias("first")
        heads = select(func.min(first.c.id)).where(first.c.done_at.is_(None)).group_by(first.c.lane)
        statement = (
            select(inbox.c.lane)
            .where(inbox.c.id.in_(heads.scalar_subquery()), inbox.c.done_at.is_(None))
            .where(inbox.c.not_before <= self._now)
            .order_by(inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        lanes = list((await self._connection.execute(statement)).scalars())
        free = await self._holds.free_channels(lanes)
        if lanes and not free:
            await self._holds.take_channel(lanes[0])
            return {lanes[0]}
        return free

    def _ready(self) -> Select[Any]:
        first = inbox.alias("first")
        held = exists().where(
            first.c.lane == inbox.c.lane,
            first.c.id <= inbox.c.id,
            first.c.done_at.is_(None),
            first.c.not_before > self._now,
        )
        return select(inbox).where(inbox.c.done_at.is_(None), ~held).order_by(inbox.c.id)

    async def _rows(self, statement: Select[Any]) -> list[InboxRow]:
        rows = await self._connection.execute(statement)
        return [InboxRow(row.id, row.lane, row.body, row.attempts) for row in rows]

    async def _set(self, row_id: int, **values: Any) -> None:
        """What is done stays done: a replica that comes late to say otherwise is not heard."""
        await self._connection.execute(
            update(inbox).where(inbox.c.id == row_id, inbox.c.done_at.is_(None)).values(values)
        )
