"""Who looks at the App Home, and whether there is anything new to show."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.rows import put_rows
from storage.tables.agreements import duty_marks
from storage.tables.operations import staff
from storage.tables.reports import homes
from storage.tables.tickets import events

_NEWEST = select(
    select(func.max(events.c.id)).scalar_subquery(),
    select(func.count()).select_from(homes).scalar_subquery(),
    # The sum, since the newest stays the same where a clock has been set back.
    select(func.sum(type_coerce(homes.c.opened_at, BigInteger))).scalar_subquery(),
    select(func.sum(type_coerce(staff.c.away_until, BigInteger))).scalar_subquery(),
    select(func.max(duty_marks.c.id)).scalar_subquery(),
)


class SqlHomes:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def opened(self, user_id: str) -> None:
        """Somebody looks at their Home now."""
        row = {"user_id": user_id, "opened_at": self._now}
        await put_rows(self._connection, homes, ("user_id",), [row])

    async def since(self, instant: datetime) -> list[str]:
        """Who has looked since an instant, the latest first."""
        lookers = select(homes.c.user_id).where(homes.c.opened_at >= instant)
        rows = await self._connection.execute(lookers.order_by(homes.c.opened_at.desc()))
        return list(rows.scalars())

    async def mark(self) -> tuple[Any, ...]:
        """Another one than before where something has happened to a ticket, somebody looks or goes
        away, or a duty is done."""
        return tuple((await self._connection.execute(_NEWEST)).one())
