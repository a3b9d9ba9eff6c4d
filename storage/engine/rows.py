"""SQL statements for both stores, SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    Insert,
    Select,
    Table,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.columns import Instant

LONGEST_WAIT = timedelta(minutes=1)
_INSERT: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}
_NOW, _FARTHEST = bindparam("now", type_=Instant), bindparam("farthest", type_=Instant)


def has_come(instant: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return a condition: the instant has passed, for a statement that is run with `by_now`.

    No row waits for longer than LONGEST_WAIT: an instant further ahead was written before the
    machine's clock was set back.
    """
    return or_(instant <= _NOW, instant > _FARTHEST)


def by_now(now: datetime) -> dict[str, datetime]:
    """Return the parameters that `has_come` needs."""
    return {"now": now, "farthest": now + LONGEST_WAIT}


def first_of_each(lane: Column[str], condition: ColumnElement[bool]) -> Select[tuple[int]]:
    """Select the ids of the first row of every lane (a column of the table) that meets the
    condition.

    On PostgreSQL the subquery is materialized; otherwise, if the table has grown since it was last
    analysed, the planner computes it again for every waiting row.
    """
    heads = select(func.min(lane.table.c.id).label("id")).where(condition).group_by(lane)
    return select(heads.cte("heads").prefix_with("MATERIALIZED", dialect="postgresql").c.id)


async def insert_unless_there(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any]
) -> bool:
    """Insert a row unless one of its unique keys exists; return whether it was inserted."""
    statement = _unless_there(connection.dialect.name, table)
    result: CursorResult[Any] = await connection.execute(statement, row)
    return result.rowcount == 1


async def insert_new(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert the rows whose unique keys do not exist yet."""
    if rows:
        await connection.execute(_unless_there(connection.dialect.name, table), rows)


async def inserted(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    column: Column[Any],
) -> set[Any]:
    """Insert the rows whose unique keys do not exist yet; return a column of the inserted rows."""
    if not rows:
        return set()
    statement = _unless_there(connection.dialect.name, table).returning(column)
    return set((await connection.execute(statement, rows)).scalars())


async def put_rows(
    connection: AsyncConnection,
    table: Table,
    key: tuple[str, ...],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Insert rows, or replace the other columns where a row with the same unique `key` exists."""
    if rows:
        columns = tuple(name for name in rows[0] if name not in key)
        await connection.execute(_in_place(connection.dialect.name, table, key, columns), rows)


@cache
def _unless_there(dialect: str, table: Table) -> Insert:
    statement: Insert = _INSERT[dialect](table).on_conflict_do_nothing()
    return statement


@cache
def _in_place(dialect: str, table: Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Insert:
    bare = _INSERT[dialect](table)
    replaced = {name: bare.excluded[name] for name in columns}
    statement: Insert = bare.on_conflict_do_update(index_elements=key, set_=replaced)
    return statement
