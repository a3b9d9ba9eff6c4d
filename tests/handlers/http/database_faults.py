"""Faults of the running bot's database, which end with the context."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import Connection, make_url

from storage.tables import metadata
from tests import stores
from tests.postgres.server import order
from tests.story import Story

DatabaseFault = Callable[[Story], AbstractAsyncContextManager[None]]
ALL_PAGES = 1_000_000_000


@asynccontextmanager
async def full_disk(tale: Story) -> AsyncIterator[None]:
    """Fill the disk: SQLite may not add a page to its file.

    PostgreSQL's disk cannot be filled by a test: there a trigger answers each change with the
    error of a full disk, 53100.
    """
    if stores.chosen() != stores.SQLITE:
        tale.rows(
            "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
        )
        for table in metadata.sorted_tables:
            tale.rows(
                f"CREATE TRIGGER disk_full BEFORE INSERT OR UPDATE ON {table.name}"
                " EXECUTE FUNCTION disk_full()"
            )
        yield
        tale.rows("DROP FUNCTION disk_full() CASCADE")
        return
    [[pages]] = tale.rows("PRAGMA page_count")
    await _pragma(tale, f"max_page_count = {pages}")
    yield
    await _pragma(tale, f"max_page_count = {ALL_PAGES}")


@asynccontextmanager
async def read_only(tale: Story) -> AsyncIterator[None]:
    """Make the database read-only.

    On PostgreSQL the connections are also lost at the start and at the end, as when a server
    becomes a standby.
    """
    if stores.chosen() == stores.SQLITE:
        await _pragma(tale, "query_only = 1")
        yield
        await _pragma(tale, "query_only = 0")
        return
    name = make_url(tale.database_url).database
    await order(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await end_connections(tale)
    yield
    await order(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await end_connections(tale)


async def end_connections(tale: Story) -> None:
    """Let PostgreSQL end every connection of the bot."""
    name = make_url(tale.database_url).database
    await order(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    )


async def _pragma(tale: Story, setting: str) -> None:
    """Change a setting of the writing connection, outside of a transaction."""

    def execute(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    assert tale.bot is not None
    async with tale.bot.runtime.store._writer.connect() as connection:
        await connection.run_sync(execute)
