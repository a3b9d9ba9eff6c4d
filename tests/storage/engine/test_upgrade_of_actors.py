"""Tests that the upgrade gives old events a kind of actor, and keeps the history append-only."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine.engines import writing_engine
from storage.engine.upgrade import _upgrade
from storage.store import Store
from tests.stores import SQLITE, asked_for, server

ROWS = (
    "INSERT INTO catalog_versions (id, name, digest, text, recorded_at)"
    " VALUES (1, 'e', 'x', '', 1)",
    "INSERT INTO clients (id, key, name, join_minutes, last_number) VALUES (1, 'ACME', 'A', 5, 1)",
    "INSERT INTO agreements (id, client_id, catalog, plan_id, effective_from, terms)"
    " VALUES (1, 1, 'e', 'standard', 1, '')",
    "INSERT INTO tickets (id, client_id, number, key, source, opened_at, opened_by, summary,"
    " agreement_id, catalog_version_id, plan_id, state, counted, resolution)"
    " VALUES (1, 1, 1, 'ACME-1', 'slack', 9, 'U1', 'x', 1, 1, 'standard', 'open', true, '')",
    "INSERT INTO staff (user_id, role, name) VALUES ('U0DANA', 'engineer', 'Dana')",
)
EVENT = (
    "INSERT INTO events (ticket_id, at, recorded_at, actor, kind, before, after)"
    " VALUES (1, 1, 1, :actor, :kind, '{}', '{}')"
)
ACTORS = [
    ("deskbell", "breached", "system"),
    ("deskbell", "woken", "system"),
    ("", "edited", "operator"),
    ("U0DANA", "opened", "staff"),  # on the staff
    ("U0LEFT", "taken", "staff"),  # not on the staff any more
    ("U0LEFT", "reopened", "staff"),
    ("U0DANA", "client_wrote", "client"),  # joined the staff later
    ("U0ANN", "opened", "client"),
    ("Ann Lee", "opened", "client"),  # a name, for a report that staff entered
]


@pytest.mark.parametrize("kind", asked_for())
async def test_the_upgrade_derives_the_kind_of_actor_from_event_and_staff(
    tmp_path: Path, kind: str
) -> None:
    if kind == SQLITE:
        await _check_upgrade(f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}")
        return
    async with server().empty() as url:
        await _check_upgrade(url)


async def _check_upgrade(url: str) -> None:
    engine = writing_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(partial(_upgrade, revision="0024"))
        for row in ROWS:
            await connection.execute(text(row))
        for actor, kind, _ in ACTORS:
            await connection.execute(text(EVENT), {"actor": actor, "kind": kind})
    await engine.dispose()
    store = Store(url)
    await store.upgrade()
    await store.close()

    engine = writing_engine(url)
    async with engine.begin() as connection:
        rows = await connection.execute(
            text("SELECT actor, kind, actor_kind FROM events ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            ("" if actor_kind == "system" else actor, kind, actor_kind)
            for actor, kind, actor_kind in ACTORS
        ]
    for change in ("UPDATE events SET actor_kind = 'staff'", "DELETE FROM events"):
        with pytest.raises(DBAPIError, match="history is append-only"):
            async with engine.begin() as connection:
                await connection.execute(text(change))
    await engine.dispose()
