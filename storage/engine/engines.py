"""Engines: how connections are opened so that committed data is durable."""

import sqlite3
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import LRUCache

from bot.domain.operations.setup_faults import PragmaIgnored
from storage.engine.one_hop import OneHopDriver, WritingEngine

BUSY_TIMEOUT_SECONDS = 30
FROZEN_AFTER = timedelta(seconds=10)
# The longest wait for a server or a connection that does not answer.
CONNECT_SECONDS, ANSWER_SECONDS = 10, 60


class CompiledStatements(LRUCache[Any, Any]):
    """The compiled statements of every engine in this process.

    SQLAlchemy keeps them for each engine, in whose key the dialect object stands. The same
    statement has the same SQL for every engine of one database system, so that the second engine
    need not compile it again.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_for_every_engine(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_for_every_engine(key), compiled)


def _for_every_engine(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return (dialect.name, getattr(dialect, "server_version_info", None), *statement)


_OPTIONS = {"compiled_cache": CompiledStatements(1000)}


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def writing_engine(url: str, frozen_after: timedelta = FROZEN_AFTER) -> AsyncEngine:
    """Return the engine for transactions that write.

    SQLite: a single connection and `BEGIN IMMEDIATE`, because under concurrency a deferred
    transaction that reads and then writes is refused or loses updates. PostgreSQL: the
    repositories lock the rows of the clients concerned; a transaction that is idle for
    `frozen_after` is ended, so that its locks do not block the other replicas.
    """
    if not is_sqlite(url):
        milliseconds = int(frozen_after / timedelta(milliseconds=1))
        limit = {"idle_in_transaction_session_timeout": str(milliseconds)}
        return _postgresql_engine(url, {"server_settings": limit})
    return _sqlite_engine(url, begin="BEGIN IMMEDIATE", connections=1, writes=True)


def reading_engine(url: str) -> AsyncEngine:
    """Return the engine for transactions that only read.

    Each has a consistent snapshot and never waits for a writer (SQLite in WAL mode, PostgreSQL's
    snapshots).
    """
    if not is_sqlite(url):
        return _postgresql_engine(url, {}, isolation_level="REPEATABLE READ")
    return _sqlite_engine(url, begin="BEGIN DEFERRED", connections=4, writes=False)


def _postgresql_engine(url: str, connect: dict[str, Any], **more: Any) -> AsyncEngine:
    patience = {"timeout": CONNECT_SECONDS, "command_timeout": ANSWER_SECONDS}
    return create_async_engine(
        url,
        pool_pre_ping=True,
        connect_args=connect | patience,
        execution_options=_OPTIONS,
        **more,
    )


def _sqlite_engine(url: str, *, begin: str, connections: int, writes: bool) -> AsyncEngine:
    """Return an SQLite engine.

    Every transaction ends where it was opened, so the pool does not roll back again.
    """
    engine = create_async_engine(
        url,
        module=OneHopDriver(writes=writes),
        pool_size=connections,
        max_overflow=0,
        pool_timeout=BUSY_TIMEOUT_SECONDS,
        pool_reset_on_return=None,
        execution_options=_OPTIONS,
    )
    _prepare_sqlite(engine, begin=begin)
    return WritingEngine(engine.sync_engine) if writes else engine


def _prepare_sqlite(engine: AsyncEngine, *, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by itself: the begin event below does.
        connection.isolation_level = None
        try:
            _pragmas(connection)
        except (sqlite3.Error, PragmaIgnored):
            connection.close()  # its thread would outlive the event loop
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _pragmas(connection: DBAPIConnection) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    for pragma, wanted in (("foreign_keys", 1), ("synchronous", 2)):
        _assert_pragma(cursor, pragma, wanted)
    cursor.close()


def _assert_pragma(cursor: Any, pragma: str, wanted: int) -> None:
    """Raise an error if a pragma did not take effect, because that would lose tickets later."""
    cursor.execute(f"PRAGMA {pragma}")
    row = cursor.fetchone()
    if row is None or row[0] != wanted:
        raise PragmaIgnored(pragma, wanted)
