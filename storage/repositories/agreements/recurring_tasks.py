"""What was done of the recurring duties, and by whom."""

from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.agreements import duty_marks


class SqlDuties:
    """Append-only: who takes a mark back adds another."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def mark(self, client_id: int, duty: str, last: date, actor: str, *, done: bool) -> None:
        row = {"client_id": client_id, "duty": duty, "last_day": last.isoformat()}
        row |= {"done": done, "at": self._now, "actor": actor}
        await self._connection.execute(insert(duty_marks).values(row))

    async def done(self, client_id: int) -> dict[tuple[str, date], str]:
        """A client's that are done, by id and the last day of the term, with who said so."""
        marks = select(duty_marks).where(duty_marks.c.client_id == client_id)
        found: dict[tuple[str, date], str] = {}
        for row in await self._connection.execute(marks.order_by(duty_marks.c.id)):
            about = (row.duty, date.fromisoformat(row.last_day))
            if row.done:
                found[about] = row.actor
            else:
                found.pop(about, None)
        return found
