"""The process that starts all bots of the crash tests, and a prepared database of each store."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.crash.harness.bot_processes import BotProcesses, bot_processes, prepare_database
from tests.judge.sample_desk import furnish
from tests.stores import database


@pytest.fixture(scope="package")
def bots() -> Iterator[BotProcesses]:
    with bot_processes() as opened:
        yield opened


@pytest.fixture(scope="package")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    asyncio.run(prepare_database(path))
    return path


@pytest.fixture
async def furnished(
    chosen_store: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """Return the URL of a database with all clients and staff, to be copied for each run."""
    async with database(tmp_path_factory.mktemp("furnished")) as url:
        await furnish(url)
        yield url
