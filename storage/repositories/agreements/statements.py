"""Billing statements: written once, never changed."""

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements.statement import Statement
from bot.domain.ids import ClientId
from bot.json_types import Json
from storage.engine.rows import insert_unless_there
from storage.repositories.empty_texts import empty_to_none, none_to_empty
from storage.tables.agreements import statements

_STATEMENT = TypeAdapter(Statement)
_WAIVED = ("lines", "waived")


class SqlStatements:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, client_id: ClientId, statement: Statement) -> None:
        """Store the statement of a period, unless the period has a statement already."""
        row = {
            "client_id": client_id,
            "period_start": statement.period.start,
            "period_end": statement.period.end,
            "issued_at": statement.issued_at,
            "body": body_of(statement),
        }
        await insert_unless_there(self._connection, statements, row)

    async def of(self, client_id: ClientId) -> list[Statement]:
        """Return a client's statements, oldest first."""
        bodies = select(statements.c.body).where(statements.c.client_id == client_id)
        rows = await self._connection.execute(bodies.order_by(statements.c.period_start))
        return [_STATEMENT.validate_python(empty_to_none(body, _WAIVED)) for body in rows.scalars()]


def body_of(statement: Statement) -> Json:
    """Return a statement as it is stored."""
    return none_to_empty(_STATEMENT.dump_python(statement, mode="json"), _WAIVED)
