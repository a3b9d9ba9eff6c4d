"""Provides a PostgreSQL database with the clients Acme (id 1) and Globex (id 2)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.domain.agreements.agreement import Agreement
from bot.domain.ids import AgreementId, ChannelId
from storage.store import Store
from tests.storage.desk_rows import NOON
from tests.stores import server


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with server().prepared() as prepared:
        yield prepared


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = Store(url)
    async with opened.write(NOON) as work:
        await work.catalogs.record("ecosire", "digest", "text", NOON)
        for key, channel in (("ACME", "C0ACME"), ("GLOBEX", "C0GLOBEX")):
            client = await work.clients.add(key, key.title(), ChannelId(channel))
            since = datetime(2020, 1, 1, tzinfo=UTC)
            agreement = Agreement(
                AgreementId(0), client.id, "ecosire", "standard", since, None, None
            )
            await work.clients.agree(agreement)
    yield opened
    await opened.close()
