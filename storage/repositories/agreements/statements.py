"""Billing statements: written once, never changed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements.period import Period
from bot.domain.ids import ClientId
from bot.json_types import Json
from storage.engine.rows import insert_unless_there
from storage.tables.agreements import statements


class SqlStatements:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(
        self, client_id: ClientId, period: Period, issued_at: datetime, body: Json
    ) -> None:
        """Store the statement of a period, unless the period has a statement already."""
        row = {
            "client_id": client_id,
            "period_start": period.start,
            "period_end": period.end,
            "issued_at": issued_at,
            "body": body,
        }
        await insert_unless_there(self._connection, statements, row)

    async def of(self, client_id: ClientId) -> list[Json]:
        """Return a client's statements, oldest first."""
        bodies = select(statements.c.body).where(statements.c.client_id == client_id)
        rows = await self._connection.execute(bodies.order_by(statements.c.period_start))
        return list(rows.scalars())
