"""One nursery for all deaths, and one prepared database of each store."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.crash.play.lives import Nursery, nursery, prepare_database
from tests.judge.sample_desk import furnish
from tests.stores import database


@pytest.fixture(scope="package")
def born() -> Iterator[Nursery]:
    with nursery() as opened:
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
    """The URL of a database with everybody in it, to be copied for each life."""
    async with database(tmp_path_factory.mktemp("furnished")) as url:
        await furnish(url)
        yield url
