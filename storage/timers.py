"""Timers: the due rows. The scheduler only ticks; these are the truth."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Rung, Step
from bot.ports import Timer
from storage.schema import timers

_WAITING = timers.c.fired_at.is_(None)


class SqlTimers:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.soonest: datetime | None = None  # of what this transaction has armed

    async def arm(self, ticket_id: int, rungs: Sequence[Rung]) -> None:
        """Replace what the ticket still waits for by these steps."""
        await self.disarm(ticket_id)
        if rungs:
            rows = [
                {"due_at": rung.at, "ticket_id": ticket_id, "step": rung.step} for rung in rungs
            ]
            await self._connection.execute(insert(timers), rows)
            self._armed(min(rung.at for rung in rungs))

    async def disarm(self, ticket_id: int) -> None:
        await self._connection.execute(
            delete(timers).where(timers.c.ticket_id == ticket_id, _WAITING)
        )

    async def arm_digest(self, due_at: datetime) -> None:
        """Let the next digest be due then, and at no other time."""
        await self._connection.execute(delete(timers).where(timers.c.ticket_id.is_(None), _WAITING))
        await self._connection.execute(insert(timers).values(due_at=due_at))
        self._armed(due_at)

    async def digest_due(self) -> datetime | None:
        statement = select(timers.c.due_at).where(timers.c.ticket_id.is_(None), _WAITING)
        due_at: datetime | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return due_at

    async def claim(self, now: datetime, limit: int, skip: int = 0) -> list[Timer]:
        """Take what is due, oldest first: fired once this transaction commits, by nobody else.

        The digest comes last, whenever it was due: it tells what became of the tickets.
        """
        due = (
            select(timers.c.id)
            .where(_WAITING, timers.c.due_at <= now)
            .order_by(timers.c.ticket_id.is_(None), timers.c.due_at, timers.c.id)
            .limit(limit)
            .offset(skip)
            .with_for_update(skip_locked=True)
        )
        statement = (
            update(timers)
            .where(timers.c.id.in_(due))
            .values(fired_at=now)
            .returning(timers.c.id, timers.c.due_at, timers.c.step, timers.c.ticket_id)
        )
        rows = (await self._connection.execute(statement)).all()
        found = [
            Timer(row.id, row.due_at, Step(row.step) if row.step else None, row.ticket_id)
            for row in rows
        ]
        return sorted(found, key=lambda timer: (timer.ticket_id is None, timer.due_at, timer.id))

    async def next_due(self) -> datetime | None:
        statement = select(func.min(timers.c.due_at)).where(_WAITING)
        soonest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return soonest

    def _armed(self, due_at: datetime) -> None:
        self.soonest = due_at if self.soonest is None else min(self.soonest, due_at)
