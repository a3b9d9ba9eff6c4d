"""Completed recurring tasks, and who recorded them."""

from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ClientId, UserId
from storage.tables.agreements import duty_marks


class SqlDuties:
    """Append-only: undoing a mark adds another."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def mark(
        self, client_id: ClientId, duty: str, last: date, actor: UserId, *, done: bool
    ) -> None:
        row = {"client_id": client_id, "duty": duty, "last_day": last.isoformat()}
        row |= {"done": done, "at": self._now, "actor": actor}
        await self._connection.execute(insert(duty_marks).values(row))

    async def done(self, client_id: ClientId) -> dict[tuple[str, date], str]:
        """Map a client's completed tasks (id, last day of the term) to the person who said so."""
        marks = select(duty_marks).where(duty_marks.c.client_id == client_id)
        done_by: dict[tuple[str, date], str] = {}
        for row in await self._connection.execute(marks.order_by(duty_marks.c.id)):
            about = (row.duty, date.fromisoformat(row.last_day))
            if row.done:
                done_by[about] = row.actor
            else:
                done_by.pop(about, None)
        return done_by
