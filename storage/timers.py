"""Timers: the due rows. The scheduler only ticks; these are the truth."""

from collections.abc import Collection
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

    async def arm(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None:
        """Let the ticket wait for these steps of its clocks and no others. One that has fired
        stays fired."""
        there = {
            (row.clock, row.step, row.due_at): row
            for row in await self._connection.execute(
                select(timers).where(timers.c.ticket_id == ticket_id)
            )
        }
        rungs = {(clock, rung.step.value, rung.at) for clock, rung in wanted}
        gone = [row.id for key, row in there.items() if row.fired_at is None and key not in rungs]
        if gone:
            await self._connection.execute(delete(timers).where(timers.c.id.in_(gone)))
        await self.add(ticket_id, [(c, Rung(Step(s), at)) for c, s, at in rungs - there.keys()])

    async def add(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None:
        """Let the ticket wait for these steps besides."""
        if wanted:
            rows = [
                {"due_at": rung.at, "ticket_id": ticket_id, "clock": clock, "step": rung.step.value}
                for clock, rung in wanted
            ]
            await self._connection.execute(insert(timers), rows)
            self._armed(min(rung.at for _, rung in wanted))

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
            .returning(
                timers.c.id, timers.c.due_at, timers.c.step, timers.c.ticket_id, timers.c.clock
            )
        )
        rows = (await self._connection.execute(statement)).all()
        found = [
            Timer(
                row.id, row.due_at, Step(row.step) if row.step else None, row.ticket_id, row.clock
            )
            for row in rows
        ]
        return sorted(found, key=lambda timer: (timer.ticket_id is None, timer.due_at, timer.id))

    async def next_due(self) -> datetime | None:
        statement = select(func.min(timers.c.due_at)).where(_WAITING)
        soonest: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return soonest

    def _armed(self, due_at: datetime) -> None:
        self.soonest = due_at if self.soonest is None else min(self.soonest, due_at)
