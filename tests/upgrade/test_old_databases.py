"""This version opens the databases that an earlier version wrote, and reads the same from them.

The README of this folder describes how the databases were made.
"""

import sqlite3
from pathlib import Path

import asyncpg
import pytest

from tests.stores import rows
from tests.upgrade.reading import read_all, upgraded
from tests.upgrade.restoring import SCENES, restored, written

pytestmark = pytest.mark.both_stores(thorough="postgresql")
QUICK = ("demo", "demo_at_0017")  # the others are for `make check`


@pytest.mark.parametrize(
    "scene",
    [
        scene if scene in QUICK else pytest.param(scene, marks=pytest.mark.thorough)
        for scene in SCENES
    ],
)
async def test_an_old_database_reads_as_before(tmp_path: Path, scene: str) -> None:
    old = written(scene)
    async with restored(old.data, tmp_path) as url:
        read = await read_all(url, old.place, old.known)
        assert read.keys() == old.expected.keys()
        for part in read:
            assert read[part] == old.expected[part], part


async def test_a_second_start_reads_the_same(tmp_path: Path) -> None:
    old = written("demo")
    async with restored(old.data, tmp_path) as url:
        for _ in range(2):
            assert await read_all(url, old.place, old.known) == old.expected


@pytest.mark.parametrize("order", ["UPDATE events SET actor = 'U1'", "DELETE FROM events"])
async def test_the_history_stays_append_only(tmp_path: Path, order: str) -> None:
    async with restored(written("demo_at_0017").data, tmp_path) as url:
        await upgraded(url)
        with pytest.raises((sqlite3.IntegrityError, asyncpg.RaiseError), match="append-only"):
            rows(url, order)
