"""Making the running bot's database ill, and well again."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy import Connection, make_url

from storage.tables import metadata
from tests import stores
from tests.postgres.server import order
from tests.story import Story

Ailment = Callable[[Story], AbstractAsyncContextManager[None]]
PLENTY = 1_000_000_000  # pages


@asynccontextmanager
async def full(tale: Story) -> AsyncIterator[None]:
    """SQLite may not take another page of its disk. PostgreSQL's disk is not ours to fill: there
    the server itself answers each change with what it says of a full one, 53100."""
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
    await _pragma(tale, f"max_page_count = {PLENTY}")


@asynccontextmanager
async def read_only(tale: Story) -> AsyncIterator[None]:
    """Nothing can be written; on PostgreSQL the connections are lost besides, at both ends of it,
    as where a server becomes a standby."""
    if stores.chosen() == stores.SQLITE:
        await _pragma(tale, "query_only = 1")
        yield
        await _pragma(tale, "query_only = 0")
        return
    name = make_url(tale.database_url).database
    await order(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await terminate(tale)
    yield
    await order(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await terminate(tale)


async def terminate(tale: Story) -> None:
    """Let PostgreSQL end every connection of the bot's."""
    name = make_url(tale.database_url).database
    await order(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    )


async def _pragma(tale: Story, words: str) -> None:
    """On the one connection that writes, outside of any transaction."""

    def order_it(connection: Connection) -> None:
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA {words}")
        cursor.close()

    assert tale.bot is not None
    async with tale.bot.runtime.store._writer.connect() as connection:
        await connection.run_sync(order_it)
