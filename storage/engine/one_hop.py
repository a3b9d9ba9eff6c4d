"""aiosqlite with at most a single trip to its thread for every statement.

aiosqlite runs SQLite in a separate thread, and SQLAlchemy's cursor visits the thread to create a
cursor, to execute, to fetch and to close. These trips cost more than the statements. Here a
statement makes a single trip and returns with all its rows. Within a writing transaction it makes
no trip: the transaction has locked the file, does not wait, and mostly touches memory. Operations
that may block do use the thread: commit, which waits for the disk, and begin, if another
connection is writing.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from threading import Thread
from typing import Any

import aiosqlite
from sqlalchemy import CursorResult
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
    SQLiteDialect_aiosqlite,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

ENDS_WITHIN_SECONDS = 10.0  # limit for joining an unused thread


class OneHopCursor:
    """The cursor interface that SQLAlchemy expects; rows are fetched with the statement."""

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
        """Do nothing: the cursor in the thread was closed with its statement."""

    def _run(self, operation: str, parameters: Sequence[Any]) -> None:
        self._take(self._connection._conn.execute(operation, parameters))

    def _run_many(self, operation: str, parameters: Sequence[Sequence[Any]]) -> None:
        self._take(self._connection._conn.executemany(operation, parameters))

    def _take(self, cursor: sqlite3.Cursor) -> None:
        """Copy all results from the cursor; runs in the thread."""
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        return OneHopCursor(connection)

    def begin(self, operation: str) -> None:
        """Begin a transaction that locks nothing yet, and so waits for nothing."""
        self._here(self._connection._conn.execute, operation)

    def _here(self, run: Callable[..., object], *arguments: Any) -> None:
        try:
            run(*arguments)
        except (sqlite3.Error, ValueError) as error:
            self._adapt_connection._handle_exception(error)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _Cursor


class _WritingCursor(_Cursor):
    __slots__ = ()

    _cursor: OneHopCursor  # type: ignore[assignment]  # has the interface that SQLAlchemy needs

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor  # nothing to await

    def execute(self, operation: Any, parameters: Any = None) -> None:
        connection = self._connection._conn
        if not connection.in_transaction:
            super().execute(operation, parameters)
            return
        self._here(self._cursor._run, operation, parameters or ())
        self._rows = deque(self._cursor._rows)

    def begin(self, operation: str) -> None:
        """Begin a transaction that locks the file."""
        connection = self._connection._conn
        self._here(_begin_at_once, connection, operation)
        if not connection.in_transaction:
            super().execute(operation)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        self._here(self._cursor._run_many, operation, seq_of_parameters)
        self._rows = deque(self._cursor._rows)


def _begin_at_once(connection: sqlite3.Connection, operation: str) -> None:
    """Begin a transaction unless another connection is writing; waiting is left to the thread."""
    [(patience,)] = connection.execute("PRAGMA busy_timeout").fetchall()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute(operation)
    except sqlite3.OperationalError as error:
        if (
            error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
        ):  # the higher bits say why it is busy
            raise
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


class _WritingConnection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()
    _cursor_cls = _WritingCursor


class OneHopDialect(SQLiteDialect_aiosqlite):
    """SQLAlchemy's dialect for aiosqlite, which begins transactions with the statement `begin`.

    A listener of the begin event would begin them too, but an engine with a listener looks for
    listeners of every other event at every statement.
    """

    supports_statement_cache = True

    def __init__(self, begin: str, **more: Any) -> None:
        super().__init__(**more)
        self._begin = begin

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.cursor().begin(self._begin)


class _AtOnce(AsyncConnection):
    """A connection without greenlets: its statements do not wait for a thread."""

    async def execute(self, statement: Any, parameters: Any = None, **more: Any) -> Any:
        if not self.in_transaction():
            await self.begin()
        result: CursorResult[Any] = self._proxied.execute(statement, parameters, **more)
        return result


class WritingEngine(AsyncEngine):
    _connection_cls = _AtOnce


class OneHopDriver(AsyncAdapt_aiosqlite_dbapi):
    """SQLAlchemy's driver module for aiosqlite, with the cursors above."""

    def __init__(self, *, writes: bool) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._connection_type = _WritingConnection if writes else _Connection
        self._threads: list[Thread] = []

    def connect(self, *arguments: Any, **named: Any) -> AsyncAdapt_aiosqlite_connection:
        connection = super().connect(*arguments, **named)._connection
        running = [thread for thread in self._threads if thread.is_alive()]
        self._threads = [*running, connection._thread]
        return self._connection_type(self, connection)

    async def over(self) -> None:
        """Wait until the thread of every connection has ended.

        If the user of a connection was cancelled, nobody else waits for its thread, and a thread
        that ends still calls the event loop.
        """
        for thread in self._threads:
            await asyncio.to_thread(thread.join, ENDS_WITHIN_SECONDS)
