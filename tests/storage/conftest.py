"""A store of each kind with the client Acme; PostgreSQL is skipped without a server."""

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
    """Return the URL of an empty database."""
    if kind == SQLITE:
        yield f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
        return
    async with server().empty() as created:
        yield created


@pytest.fixture
async def store(kind: str, tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store with the client Acme, its agreement and a catalogue version; each has id 1."""
    async with database(tmp_path, kind) as prepared_url:
        store = Store(prepared_url)
        await _furnish(store)
        yield store
        await store.close()


async def _furnish(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.catalogs.record("ecosire", "digest", "text", NOON)
        acme = await work.clients.add("ACME", "Acme", ChannelId("C0ACME"))
        long_ago = datetime(2020, 1, 1, tzinfo=UTC)
        await work.clients.agree(
            Agreement(AgreementId(0), acme.id, "ecosire", "standard", long_ago, None, None)
        )
