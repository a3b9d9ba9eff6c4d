"""The inbox: Slack's deliveries, committed before they are acknowledged."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Select, bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.operations.inbox import Delivery, InboxRow, Parked
from storage.engine.client_locks import ClientLocks
from storage.engine.rows import by_now, first_of_each, has_come, insert_new, insert_unless_there
from storage.tables.columns import Instant
from storage.tables.operations import inbox


def _ready() -> Select[Any]:
    first = inbox.alias("first")
    held = exists().where(
        first.c.lane == inbox.c.lane,
        first.c.id <= inbox.c.id,
        first.c.done_at.is_(None),
        ~has_come(first.c.not_before),
    )
    ready = select(inbox).where(inbox.c.done_at.is_(None), ~held)
    return ready.order_by(inbox.c.id).limit(bindparam("most"))


# A row that is done stays done, even if a slow replica reports another outcome later.
_OPEN = update(inbox).where(inbox.c.id == bindparam("row_id"), inbox.c.done_at.is_(None))
_DONE = _OPEN.values(
    outcome=bindparam("became"), body={}, done_at=bindparam("ended_at", type_=Instant)
)
_READY = _ready()


class SqlInbox:
    def __init__(self, connection: AsyncConnection, now: datetime, holds: ClientLocks) -> None:
        self._connection = connection
        self._now = now
        self._holds = holds

    async def put(self, *deliveries: Delivery) -> None:
        """Store deliveries; a repeated delivery (Slack resends if unsure) is ignored."""
        await insert_new(self._connection, inbox, [self._new(delivery) for delivery in deliveries])

    async def put_missed(self, delivery: Delivery) -> bool:
        """Store a delivery that may exist already; return whether it is new."""
        return await insert_unless_there(self._connection, inbox, self._new(delivery))

    async def waiting(self, limit: int) -> list[InboxRow]:
        """Return up to `limit` rows that may be processed now, oldest first.

        A lane whose first row is to be retried later waits; other lanes do not.
        """
        return await self._rows(_READY, {"most": limit})

    async def claim(self, limit: int) -> list[InboxRow]:
        """Lock up to `limit` rows that may be processed now, until the transaction ends.

        Every lane is processed by a single transaction at a time, in order. Lanes locked by others
        are left out.
        """
        if self._connection.dialect.name == "sqlite":
            return await self.waiting(limit)
        lanes = await self._own_lanes(limit)
        return await self._rows(_READY.where(inbox.c.lane.in_(lanes)), {"most": limit})

    async def done(self, *outcomes: tuple[int, str]) -> None:
        """Mark rows as processed.

        The body is erased, because people may have its text deleted; the key is kept for ever.
        """
        rows = [
            {"row_id": row_id, "became": became, "ended_at": self._now}
            for row_id, became in outcomes
        ]
        if rows:
            await self._connection.execute(_DONE, rows)

    async def park(self, row_id: int, outcome: str) -> None:
        """Stop retrying a delivery; its body is kept until an operator retries it."""
        await self._set(row_id, done_at=self._now, outcome=outcome, parked_at=self._now)

    async def parked(self) -> list[Parked]:
        """Return the parked deliveries, oldest first."""
        statement = select(inbox).where(inbox.c.parked_at.is_not(None)).order_by(inbox.c.id)
        rows = await self._connection.execute(statement)
        return [Parked(row.id, row.lane, row.parked_at, row.outcome) for row in rows]

    async def take_up(self, row_id: int) -> bool:
        """Retry a parked delivery; False if there is none with this number."""
        fresh = {"done_at": None, "outcome": None, "parked_at": None, "attempts": 0}
        statement = (
            update(inbox)
            .where(inbox.c.id == row_id, inbox.c.parked_at.is_not(None))
            .values(fresh | {"not_before": self._now})
        )
        result: CursorResult[Any] = await self._connection.execute(statement)
        return result.rowcount == 1

    async def again(self, row_id: int, not_before: datetime) -> None:
        await self._set(row_id, attempts=inbox.c.attempts + 1, not_before=not_before)

    async def _own_lanes(self, limit: int) -> set[str]:
        """Return the lanes that this transaction may process.

        Locks the first row of every free lane and the client of its channel. If all those clients
        are locked, waits for the client of the first lane.
        """
        undone = inbox.c.done_at.is_(None)
        statement = (
            select(inbox.c.lane)
            .where(inbox.c.id.in_(first_of_each(inbox.c.lane, undone)), undone)
            .where(has_come(inbox.c.not_before))
            .order_by(inbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._connection.execute(statement, by_now(self._now))
        lanes = list(rows.scalars())
        free = await self._holds.free_channels(lanes)
        if lanes and not free:
            await self._holds.take_channel(lanes[0])
            return {lanes[0]}
        return free

    async def _rows(self, statement: Select[Any], parameters: dict[str, Any]) -> list[InboxRow]:
        rows = await self._connection.execute(statement, by_now(self._now) | parameters)
        return [InboxRow(row.id, row.lane, row.body, row.attempts) for row in rows]

    def _new(self, delivery: Delivery) -> dict[str, Any]:
        return {
            "key": delivery.key,
            "lane": delivery.lane,
            "body": delivery.body,
            "received_at": self._now,
            "attempts": 0,
            "not_before": self._now,
        }

    async def _set(self, row_id: int, **values: Any) -> None:
        await self._connection.execute(_OPEN.values(values), {"row_id": row_id})
