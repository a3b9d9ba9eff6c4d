"""The store of each test: SQLite, or PostgreSQL if `DESKBELL_TEST_STORE` names it."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from storage.store import Store
from tests.postgres.server import Server

SETTING = "DESKBELL_TEST_STORE"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@cache
def server() -> Server:
    """Return the databases of this process on the PostgreSQL server."""
    return Server()


def asked_for() -> list[str]:
    """Return the stores of this run: the store that the setting names, or both."""
    named = os.environ.get(SETTING)
    return [named] if named else [SQLITE, POSTGRESQL]


def chosen() -> str:
    return os.environ.get(SETTING) or SQLITE


_prepared_files: list[bytes] = []  # of this process: none yet, or a single file


@asynccontextmanager
async def database(directory: Path, kind: str = "") -> AsyncIterator[str]:
    """Yield the URL of a new database with the newest tables, in this or the chosen store."""
    if (kind or chosen()) == SQLITE:
        path = directory / "desk.db"
        if not _prepared_files:
            await _prepare(path)
            _prepared_files.append(path.read_bytes())
        path.write_bytes(_prepared_files[0])
        yield f"sqlite+aiosqlite:///{path}"
        return
    async with server().prepared() as url:
        yield url


async def _prepare(path: Path) -> None:
    store = Store(f"sqlite+aiosqlite:///{path}")
    await store.upgrade()
    await store.close()


@asynccontextmanager
async def copied(template: str, directory: Path) -> AsyncIterator[str]:
    """Yield the URL of a copy of a database; the original must have no connections."""
    if not template.startswith("sqlite"):
        async with server().copied(template) as url:
            yield url
        return
    path = directory / "desk.db"
    shutil.copy(make_url(template).database or "", path)
    yield f"sqlite+aiosqlite:///{path}"


Asking = Callable[[str], Awaitable[list[tuple[Any, ...]]]]


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Asking]:
    """Yield a function that queries the database, always on the same connection."""
    address = make_url(url)
    if address.drivername.startswith("sqlite"):
        with closing(sqlite3.connect(address.database or "")) as store:

            async def ask(query: str) -> list[tuple[Any, ...]]:
                return store.execute(query).fetchall()

            yield ask
            return
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    busy = (
        asyncio.Lock()
    )  # a connection runs a single query at a time, and callers may be concurrent

    async def ask_server(query: str) -> list[tuple[Any, ...]]:
        async with busy:
            return [tuple(row) for row in await connection.fetch(query)]

    try:
        yield ask_server
    finally:
        await connection.close()


def rows(url: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Execute a statement with `?` for each value, commit it, and return its rows."""
    address = make_url(url)
    if address.drivername.startswith("sqlite"):
        with closing(sqlite3.connect(address.database or "")) as store, store:
            return store.execute(query, values).fetchall()
    with ThreadPoolExecutor(1) as beside:  # this thread runs the story's event loop
        return beside.submit(asyncio.run, _rows(url, query, values)).result()


async def _rows(url: str, query: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    for number in range(1, len(values) + 1):
        query = query.replace("?", f"${number}", 1)
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        return [tuple(row) for row in await connection.fetch(query, *values)]
    finally:
        await connection.close()
