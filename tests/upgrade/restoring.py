"""Restores the old databases of this folder, a fresh copy for each test."""

import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from tests.stores import SQLITE, chosen, server
from tests.upgrade.reading import Known, Place, known_from

HERE = Path(__file__).parent / "databases"
SCENES: list[str] = (HERE / "scenes.txt").read_text().split()
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A database that the old code wrote, and everything that the old code read from it."""

    data: bytes  # an SQLite file, or the statements that fill a PostgreSQL database
    place: Place
    known: Known
    expected: Json


def written(scene: str) -> Written:
    """Return the database of a scene, in the form of the chosen store."""
    store = chosen()
    ending = "db" if store == SQLITE else "sql"
    read = json.loads(_archive("expected")[f"{store}/{scene}.json"])
    now = datetime.fromisoformat(read["place"].pop("now"))
    return Written(
        data=_archive(store)[f"{scene}.{ending}"],
        place=Place(now, **read["place"]),
        known=known_from(read["known"]),
        expected=read["expected"],
    )


@asynccontextmanager
async def restored(data: bytes, directory: Path) -> AsyncIterator[str]:
    """Restore a database and yield its URL; a PostgreSQL database is dropped afterwards."""
    if chosen() == SQLITE:
        path = directory / "old.db"
        path.write_bytes(data)
        yield f"sqlite+aiosqlite:///{path}"
        return
    async with server().empty() as url:
        await _run(url, data.decode())
        yield url


async def _run(url: str, statements: str) -> None:
    if not statements:
        return
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(plain)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


@cache
def _archive(name: str) -> dict[str, bytes]:
    """Return the files of an archive by name. Each process unpacks an archive once."""
    with tarfile.open(HERE / f"{name}.tar.xz") as archive:
        members = ((member.name, archive.extractfile(member)) for member in archive)
        return {path: file.read() for path, file in members if file is not None}
