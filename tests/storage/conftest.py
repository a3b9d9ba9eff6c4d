"""A store of each kind, with one client in it: SQLite always, PostgreSQL where one answers."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.client import Agreement
from storage.store import Store
from tests.storage.desk_rows import NOON

SERVER = "postgresql+asyncpg://postgres@127.0.0.1:5432"


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """The URL of a database that is there only for this block."""
    server = create_async_engine(f"{SERVER}/test", isolation_level="AUTOCOMMIT")
    name = f"deskbell_{secrets.token_hex(6)}"
    try:
        async with asyncio.timeout(5), server.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
    except (OSError, DBAPIError):
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432 (user postgres, database test)")
    try:
        yield f"{SERVER}/{name}"
    finally:
        async with server.connect() as connection:
            await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        await server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
        return
    async with postgresql() as created:
        yield created


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """A store with the client Acme (id 1), its agreement and a catalogue version, both 1."""
    opened = Store(url)
    await opened.upgrade()
    async with opened.write(NOON) as work:
        await work.catalogs.record("ecosire", "digest", "text", NOON)
        acme = await work.clients.add("ACME", "Acme", "C0ACME")
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        await work.clients.agree(Agreement(0, acme.id, "ecosire", "standard", long_ago, None, None))
    yield opened
    await opened.close()
