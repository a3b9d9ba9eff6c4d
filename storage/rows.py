"""Statements that both stores understand, and rows as the values they stand for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_unless_there(
    connection: AsyncConnection, table: Table, *rows: Mapping[str, Any]
) -> int:
    """Insert the rows of which no unique key is taken yet; returns how many went in."""
    dialect = connection.dialect.name
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(table).values([dict(row) for row in rows]).on_conflict_do_nothing()
    result: CursorResult[Any] = await connection.execute(statement)
    return result.rowcount


async def put_rows(
    connection: AsyncConnection, table: Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows, or replace what they say where one of the same unique `key` stands."""
    if not rows:
        return
    insert = sqlite_insert if connection.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table).values([dict(row) for row in rows])
    said = {name: statement.excluded[name] for name in rows[0] if name not in key}
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=said))
