"""One nursery and one prepared database for all deaths."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.lives import Nursery, nursery, prepare_database


@pytest.fixture(scope="package")
def born() -> Iterator[Nursery]:
    with nursery() as opened:
        yield opened


@pytest.fixture(scope="package")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "desk.db"
    asyncio.run(prepare_database(path))
    return path
