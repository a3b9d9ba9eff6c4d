"""A store of each kind, with one client in it: SQLite always, PostgreSQL where one answers."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.agreements.agreement import Agreement
from bot.domain.ids import AgreementId, ChannelId
from storage.store import Store
from tests.storage.desk_rows import NOON
from tests.stores import POSTGRESQL, SQLITE, database, server


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def url(kind: str, tmp_path: Path) -> AsyncIterator[str]:
    """An empty database."""
    if kind == SQLITE:
        yield f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
        return
    async with server().empty() as created:
        yield created


@pytest.fixture
async def store(kind: str, tmp_path: Path) -> AsyncIterator[Store]:
    """A store with the client Acme (id 1), its agreement and a catalogue version, both 1."""
    async with database(tmp_path, kind) as prepared:
        opened = Store(prepared)
        await _furnish(opened)
        yield opened
        await opened.close()


async def _furnish(opened: Store) -> None:
    async with opened.write(NOON) as work:
        await work.catalogs.record("ecosire", "digest", "text", NOON)
        acme = await work.clients.add("ACME", "Acme", ChannelId("C0ACME"))
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        await work.clients.agree(
            Agreement(AgreementId(0), acme.id, "ecosire", "standard", long_ago, None, None)
        )
