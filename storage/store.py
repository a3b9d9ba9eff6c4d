"""The store: transactions begin and end only here."""

import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta

from alembic.util import CommandError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.operations.setup_faults import DatabaseInUse, DatabaseUnusable
from bot.errors import StoreTrouble
from storage.engine.client_locks import ClientLocks
from storage.engine.engines import FROZEN_AFTER, is_sqlite, reading_engine, writing_engine
from storage.engine.one_hop import OneHopDriver
from storage.engine.trouble import problem_of
from storage.engine.upgrade import upgrade
from storage.repositories.agreements.catalog_versions import SqlCatalogVersions
from storage.repositories.agreements.recurring_tasks import SqlDuties
from storage.repositories.agreements.statements import SqlStatements
from storage.repositories.escalation.timers import SqlTimers
from storage.repositories.intake.backfill import SqlBackfill
from storage.repositories.intake.messages import SqlMessages
from storage.repositories.intake.wordings import SqlWordings
from storage.repositories.operations.audit import SqlAudit
from storage.repositories.operations.channels import SqlChannels
from storage.repositories.operations.clients import SqlClients
from storage.repositories.operations.idempotency import SqlIdempotencyKeys
from storage.repositories.operations.inbox import SqlInbox
from storage.repositories.operations.outbox import SqlOutbox
from storage.repositories.operations.staff import SqlStaff
from storage.repositories.operations.vitals import SqlVitals
from storage.repositories.reports.homes import SqlHomes
from storage.repositories.reports.subscriptions import SqlSubscriptions
from storage.repositories.sla.clocks import SqlClocks
from storage.repositories.tickets.history import SqlHistory
from storage.repositories.tickets.tickets import SqlTickets


class SqlWork:
    """A transaction, with every repository on its connection."""

    def __init__(self, connection: AsyncConnection, now: datetime, *, writes: bool) -> None:
        holds = ClientLocks(connection, needed=writes and connection.dialect.name != "sqlite")
        self.clients = SqlClients(connection, holds)
        self.channels = SqlChannels(connection, now, self.clients.forget)
        self.staff = SqlStaff(connection)
        self.tickets = SqlTickets(connection, holds)
        self.clocks = SqlClocks(connection)
        self.timers = SqlTimers(connection, holds)
        self.history = SqlHistory(connection, now)
        self.messages = SqlMessages(connection)
        self.wordings = SqlWordings(connection, now)
        self.backfill = SqlBackfill(connection, now)
        self.inbox = SqlInbox(connection, now, holds)
        self.outbox = SqlOutbox(connection, now)
        self.homes = SqlHomes(connection, now)
        self.idempotency = SqlIdempotencyKeys(connection)
        self.statements = SqlStatements(connection)
        self.duties = SqlDuties(connection, now)
        self.subscriptions = SqlSubscriptions(connection, now)
        self.audit = SqlAudit(connection, now)
        self.vitals = SqlVitals(connection, now)
        self.catalogs = SqlCatalogVersions(connection)


def _unusable(url: str, error: Exception) -> DatabaseUnusable:
    reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return DatabaseUnusable(make_url(url).render_as_string(hide_password=True), reason)


@contextmanager
def _troubles() -> Iterator[None]:
    """Translate errors of the database into StoreTrouble; errors of a statement pass unchanged."""
    try:
        yield
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise StoreTrouble(problem) from error


class Store:
    """A database, by its SQLAlchemy URL (`sqlite+aiosqlite:///…`).

    On PostgreSQL, a transaction that is idle for `frozen_after` is ended.
    """

    def __init__(self, url: str, *, frozen_after: timedelta = FROZEN_AFTER) -> None:
        self.url = url
        self._writer: AsyncEngine = writing_engine(url, frozen_after)
        self._reader: AsyncEngine = reading_engine(url)
        self._owned: int | None = None

    async def upgrade(self) -> None:
        """Create the tables, or migrate them to the newest schema.

        Raises ConfigurationError if the file cannot be opened or is not a database.
        """
        try:
            self._touch()
            await upgrade(self._writer)
        except (DBAPIError, CommandError, OSError, sqlite3.Error) as error:
            raise _unusable(self.url, error) from error

    def _touch(self) -> None:
        """Open the SQLite file once without aiosqlite, whose thread outlives a failed opening."""
        if is_sqlite(self.url):
            sqlite3.connect(str(make_url(self.url).database)).close()

    def own(self) -> None:
        """Become the only process that serves this SQLite file; refuse if another process does.

        The operating system releases the lock when the process ends, however it ends, so its
        unfinished sends are known to be abandoned.
        """
        path = make_url(self.url).database
        if not is_sqlite(self.url) or not path or path == ":memory:":
            return
        try:
            lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise _unusable(self.url, error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise DatabaseInUse(path) from None
        self._owned = lock

    @property
    def is_owned(self) -> bool:
        """Return whether no other process can send from this store."""
        return self._owned is not None

    @asynccontextmanager
    async def write(self, now: datetime) -> AsyncIterator[SqlWork]:
        """Open a transaction that commits at the end of the block, or rolls back on an error.

        Raises StoreTrouble if the database is unavailable.
        """
        with _troubles():
            async with self._writer.begin() as connection:
                yield SqlWork(connection, now, writes=True)

    @asynccontextmanager
    async def read(self, now: datetime) -> AsyncIterator[SqlWork]:
        """Open a consistent snapshot that never waits for a writer; its writes are discarded.

        Raises StoreTrouble if the database is unavailable.
        """
        with _troubles():
            async with self._reader.connect() as connection:
                yield SqlWork(connection, now, writes=False)

    async def close(self) -> None:
        for engine in (self._writer, self._reader):
            await engine.dispose()
            driver = engine.sync_engine.dialect.dbapi
            if isinstance(driver, OneHopDriver):
                await driver.over()
        if self._owned is not None:
            os.close(self._owned)
            self._owned = None
