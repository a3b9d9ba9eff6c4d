"""The people who open the App Home, and whether it may have changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import UserId
from storage.engine.rows import put_rows
from storage.tables.agreements import duty_marks
from storage.tables.operations import staff
from storage.tables.reports import homes
from storage.tables.tickets import events

_NEWEST = select(
    select(func.max(events.c.id)).scalar_subquery(),
    select(func.count()).select_from(homes).scalar_subquery(),
    # The sum, because after a clock was set back the maximum may stay the same.
    select(func.sum(type_coerce(homes.c.opened_at, BigInteger))).scalar_subquery(),
    select(func.sum(type_coerce(staff.c.away_until, BigInteger))).scalar_subquery(),
    select(func.max(duty_marks.c.id)).scalar_subquery(),
)


class SqlHomes:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def opened(self, user_id: UserId) -> None:
        """Record that a person opened their Home now."""
        row = {"user_id": user_id, "opened_at": self._now}
        await put_rows(self._connection, homes, ("user_id",), [row])

    async def since(self, instant: datetime) -> list[UserId]:
        """Return the people who have opened their Home since an instant, the latest first."""
        lookers = select(homes.c.user_id).where(homes.c.opened_at >= instant)
        rows = await self._connection.execute(lookers.order_by(homes.c.opened_at.desc()))
        return list(rows.scalars())

    async def mark(self) -> tuple[Any, ...]:
        """Return a value that changes with every change that a Home may show.

        Includes ticket events, absences, people who open a Home, and completed tasks.
        """
        return tuple((await self._connection.execute(_NEWEST)).one())
