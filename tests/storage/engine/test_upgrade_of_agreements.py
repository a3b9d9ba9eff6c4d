"""Tests that the upgrade keeps the tickets' agreements, and sets the zone of each agreement."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.ids import ClientId
from storage.engine.engines import writing_engine
from storage.engine.upgrade import _upgrade
from storage.store import Store
from tests.storage.desk_rows import NOON
from tests.stores import SQLITE, asked_for, server

CATALOG = """
zone = "Asia/Karachi"
[plans.standard]
name = "Standard"
[plans.gold]
zone = "Europe/Brussels"
"""
AGREEMENT = (
    "INSERT INTO agreements (id, client_id, catalog, plan_id, effective_from, terms)"
    " VALUES (:id, 1, 'ecosire', :plan, :since, :terms)"
)
TICKET = (
    "INSERT INTO tickets (client_id, number, key, source, opened_at, opened_by, summary,"
    " agreement_id, catalog_version_id, plan_id, state, counted, resolution)"
    " VALUES (1, :n, :key, 'slack', 9, 'U1', 'x', :a, 1, 'standard', 'open', true, '')"
)


@pytest.mark.parametrize("kind", asked_for())
async def test_tickets_keep_their_agreements_and_agreements_get_their_zone(
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
        await connection.run_sync(partial(_upgrade, revision="0017"))
        execute = connection.execute
        await execute(
            text(
                "INSERT INTO catalog_versions (id, name, digest, text, recorded_at)"
                " VALUES (1, 'ecosire', 'x', :text, 1)"
            ),
            {"text": CATALOG},
        )
        await execute(
            text(
                "INSERT INTO clients (id, key, name, join_minutes, last_number)"
                " VALUES (1, 'ACME', 'Acme', 5, 3)"
            )
        )
        for number, plan, terms in (
            (1, "standard", ""),
            (2, "gold", ""),
            (3, "gold", 'zone = "Asia/Tokyo"'),
        ):
            await execute(
                text(AGREEMENT), {"id": number, "since": number, "plan": plan, "terms": terms}
            )
            await execute(text(TICKET), {"n": number, "a": number, "key": f"ACME-{number}"})
    await engine.dispose()

    store = Store(url)
    await store.upgrade()
    async with store.read(NOON) as work:
        tickets = [await work.tickets.by_key_for_update(f"ACME-{number}") for number in (1, 2, 3)]
        assert [ticket.agreement_id for ticket in tickets if ticket] == [1, 2, 3]
        zones = [version.zone for version in await work.clients.versions(ClientId(1))]
        assert zones == ["Asia/Karachi", "Europe/Brussels", "Asia/Tokyo"]
    await store.close()
    engine = writing_engine(url)
    with pytest.raises(IntegrityError):  # foreign keys are still checked
        async with engine.begin() as connection:
            await connection.execute(text(TICKET), {"n": 9, "a": 9, "key": "ACME-9"})
    await engine.dispose()
