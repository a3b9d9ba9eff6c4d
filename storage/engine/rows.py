"""Statements that both stores understand, and rows as the values they stand for."""

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
    """Whether the wait until an instant is over, for a statement that is run with `by_now`. No row
    is made to wait for longer than LONGEST_WAIT: an instant further ahead was set by a clock that
    has been set back since."""
    return or_(instant <= _NOW, instant > _FARTHEST)


def by_now(now: datetime) -> dict[str, datetime]:
    """What `has_come` has to know."""
    return {"now": now, "farthest": now + LONGEST_WAIT}


def first_of_each(lane: Column[str], condition: ColumnElement[bool]) -> Select[tuple[int]]:
    """The ids of the first row of each lane (a column of the rows' table) that fulfils the
    condition. PostgreSQL works it out once: left to itself, with a table that has grown since it
    was last analysed, it does so again for each row that waits."""
    heads = select(func.min(lane.table.c.id).label("id")).where(condition).group_by(lane)
    return select(heads.cte("heads").prefix_with("MATERIALIZED", dialect="postgresql").c.id)


async def insert_unless_there(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any]
) -> bool:
    """Insert a row if none of its unique keys is taken yet; whether it went in."""
    statement = _unless_there(connection.dialect.name, table)
    result: CursorResult[Any] = await connection.execute(statement, row)
    return result.rowcount == 1


async def insert_new(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert those of the rows of which no unique key is taken yet."""
    if rows:
        await connection.execute(_unless_there(connection.dialect.name, table), rows)


async def inserted(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    column: Column[Any],
) -> set[Any]:
    """Insert those rows of which no unique key is taken yet; the values of a column of those that
    went in."""
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
    """Insert rows, or replace what they say where one of the same unique `key` stands."""
    if rows:
        said = tuple(name for name in rows[0] if name not in key)
        await connection.execute(_in_place(connection.dialect.name, table, key, said), rows)


@cache
def _unless_there(dialect: str, table: Table) -> Insert:
    statement: Insert = _INSERT[dialect](table).on_conflict_do_nothing()
    return statement


@cache
def _in_place(dialect: str, table: Table, key: tuple[str, ...], said: tuple[str, ...]) -> Insert:
    bare = _INSERT[dialect](table)
    replaced = {name: bare.excluded[name] for name in said}
    statement: Insert = bare.on_conflict_do_update(index_elements=key, set_=replaced)
    return statement
