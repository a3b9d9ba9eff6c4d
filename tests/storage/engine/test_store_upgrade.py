"""A database is brought to the newest form, and what cannot be one is a sentence."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.domain.operations.setup_faults import DatabaseUnusable
from bot.views.refusals import sentence_of
from storage.engine.engines import reading_engine, writing_engine
from storage.store import Store
from storage.tables import metadata
from tests.storage.desk_rows import NOON


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_the_migrations_make_just_the_tables_of_the_schema(store: Store) -> None:
    engine = reading_engine(store.url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_upgrading_again_changes_nothing(store: Store) -> None:
    await store.upgrade()
    async with store.read(NOON) as work:
        assert [client.key for client in await work.clients.all()] == ["ACME"]


@pytest.mark.parametrize("make_engine", [writing_engine, reading_engine])
async def test_every_sqlite_connection_keeps_what_is_committed(
    tmp_path: Path, make_engine: Any
) -> None:
    engine = make_engine(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    connections = [await engine.connect() for _ in range(engine.pool.size())]
    for connection in connections:
        found = {
            name: (await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in wanted
        }
        assert found == wanted
        await connection.close()
    await engine.dispose()


async def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("These are the minutes of our last meeting. " * 200)
    await refuses(f"sqlite+aiosqlite:///{path}", "file is not a database")
    assert path.read_text().startswith("These are the minutes")


async def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    await refuses(f"sqlite+aiosqlite:///{tmp_path}/nowhere/desk.db", "unable to open database file")
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/nowhere/desk.db")
    with pytest.raises(DatabaseUnusable) as caught:
        store.own()
    assert "cannot be used" in sentence_of(caught.value)
    await store.close()


async def test_a_server_that_does_not_answer_is_a_sentence_without_its_password() -> None:
    said = await refuses("postgresql+asyncpg://dana:secret@127.0.0.1:9/desk", "")
    assert "secret" not in said


async def test_a_database_of_a_newer_deskbell_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = Store(f"sqlite+aiosqlite:///{path}")
    await store.upgrade()
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    await refuses(store.url, "9999")


async def refuses(url: str, reason: str) -> str:
    store = Store(url)
    with pytest.raises(DatabaseUnusable) as caught:
        await store.upgrade()
    await store.close()
    said = sentence_of(caught.value)
    assert "cannot be used" in said
    assert reason in said
    assert said.startswith("DATABASE_URL ")
    assert "\n" not in said
    return said
