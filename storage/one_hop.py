"""aiosqlite with one trip to its thread a statement.

aiosqlite runs SQLite in a thread of its own, and SQLAlchemy's cursor for it goes there to make a
cursor, to execute, to fetch and to close. The trips cost more than the statements. Here a
statement goes there once and comes back with all its rows.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


class OneHopCursor:
    """What SQLAlchemy asks of an asynchronous cursor; the rows are fetched with the statement."""

    arraysize = 1

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def _in_thread(self, run: Callable[..., None], *arguments: Any) -> Awaitable[None]:
        trip: Awaitable[None] = self._connection._execute(run, *arguments)
        return trip

    async def __aenter__(self) -> "OneHopCursor":
        return self

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> None:
        await self._in_thread(self._run, operation, parameters)

    async def executemany(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        await self._in_thread(self._run_many, operation, parameters)

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """The cursor in the thread was closed with its statement."""

    def _run(self, operation: str, parameters: Sequence[Any]) -> None:
        self._take(self._connection._conn.execute(operation, parameters))

    def _run_many(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._take(self._connection._conn.executemany(operation, parameters))

    def _take(self, cursor: sqlite3.Cursor) -> None:
        """In the thread: everything that is asked for later."""
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return OneHopCursor(connection)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class OneHopDriver(AsyncAdapt_aiosqlite_dbapi):
    """SQLAlchemy's driver module for aiosqlite, with the cursors above."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arguments: Any, **named: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arguments, **named)._connection)
