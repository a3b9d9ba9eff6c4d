"""A PostgreSQL server for tests: each test gets its own database, copied from a database that this
process has upgraded to the newest schema.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import URL, make_url

from storage.store import Store

SETTING = "DESKBELL_TEST_POSTGRES_URL"
USUAL = "postgresql+asyncpg://postgres@127.0.0.1:5432/test"
PATIENCE_SECONDS = 5.0


def admin_address() -> URL:
    """Return the URL of the database through which other databases are created and dropped."""
    return make_url(os.environ.get(SETTING) or USUAL)


def skip_reason(error: Exception) -> str:
    shown = admin_address().render_as_string(hide_password=True)
    return (
        f"no PostgreSQL answers at {shown} ({str(error) or type(error).__name__}):"
        f" start one there, or name another in {SETTING}"
    )


class Server:
    """The databases of this process; `close` drops them all."""

    def __init__(self) -> None:
        self._template: str | None = None

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """Yield the URL of a database without tables; it exists for the block."""
        async with self._run_on_server("") as name:
            yield _url(name)

    @asynccontextmanager
    async def prepared(self) -> AsyncIterator[str]:
        """Yield the URL of a database with the newest tables; it exists for the block."""
        if self._template is None:
            self._template = await self._prepare()
        async with self._run_on_server(f"TEMPLATE {self._template}") as name:
            yield _url(name)

    @asynccontextmanager
    async def copied(self, url: str) -> AsyncIterator[str]:
        """Yield the URL of a copy of a database that has no connections."""
        async with self._run_on_server(f"TEMPLATE {make_url(url).database}") as name:
            yield _url(name)

    async def close(self) -> None:
        if self._template is not None:
            await order(f"DROP DATABASE {self._template} WITH (FORCE)")
            self._template = None

    async def _prepare(self) -> str:
        name = await _create("")
        store = Store(_url(name))
        await store.upgrade()
        await store.close()
        return name

    @asynccontextmanager
    async def _run_on_server(self, how: str) -> AsyncIterator[str]:
        name = await _create(how)
        try:
            yield name
        finally:
            await order(f"DROP DATABASE {name} WITH (FORCE)")


async def _create(how: str) -> str:
    """Create a database. Without a server the test is skipped, with the reason; in CI it fails."""
    name = f"deskbell_{secrets.token_hex(6)}"
    try:
        await order(f"CREATE DATABASE {name} {how}")
    except (
        OSError,
        TimeoutError,
        asyncpg.CannotConnectNowError,
        asyncpg.ClientCannotConnectError,
    ) as error:
        if os.environ.get("CI") == "true":
            pytest.fail(skip_reason(error), pytrace=False)
        pytest.skip(skip_reason(error))
    return name


async def order(words: str) -> None:
    """Execute a statement outside the test's own connections."""
    plain = admin_address().set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain, timeout=PATIENCE_SECONDS)
    try:
        await connection.execute(words)
    finally:
        await connection.close()


def _url(name: str) -> str:
    return admin_address().set(database=name).render_as_string(hide_password=False)
