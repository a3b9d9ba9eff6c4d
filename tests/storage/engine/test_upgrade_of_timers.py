"""Tests that the upgrade keeps the kind, the ticket and the client of each timer."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import BillingTimer, DigestTimer, LadderTimer, SnoozeTimer
from bot.domain.ids import ClientId, TicketId
from storage.engine.engines import writing_engine
from storage.engine.upgrade import _upgrade
from storage.store import Store
from tests.storage.desk_rows import NOON, later
from tests.stores import SQLITE, asked_for, server

BETA = ClientId(12)
AT_NOON = int(NOON.timestamp()) * 1_000_000
OLD_ROWS = (
    "INSERT INTO catalog_versions (id, name, digest, text, recorded_at)"
    " VALUES (1, 'ecosire', 'x', '', 1)",
    "INSERT INTO clients (id, key, name, join_minutes, last_number, intake)"
    " VALUES (3, 'ACME', 'Acme', 5, 1, 'every'), (12, 'BETA', 'Beta', 5, 0, 'every')",
    "INSERT INTO agreements (id, client_id, catalog, plan_id, effective_from, terms)"
    " VALUES (1, 3, 'ecosire', 'standard', 1, '')",
    "INSERT INTO tickets (id, client_id, number, key, source, opened_at, opened_by, summary,"
    " agreement_id, catalog_version_id, plan_id, state, counted, resolution)"
    " VALUES (7, 3, 1, 'ACME-1', 'slack', 9, 'U1', 'x', 1, 1, 'standard', 'open', true, '')",
    "INSERT INTO timers (id, due_at, ticket_id, clock, step, fired_at, held_until) VALUES"  # noqa: S608 (the test's own rows)
    f" (1, {AT_NOON}, 7, 'first_response:1', '75%', {AT_NOON}, {AT_NOON} + 1),"
    f" (2, {AT_NOON} + 1, 7, 'first_response:1', 'held', NULL, NULL),"
    f" (3, {AT_NOON} + 2, 7, NULL, NULL, NULL, NULL),"
    f" (4, {AT_NOON} + 3, NULL, 'books:3', NULL, NULL, NULL),"
    f" (5, {AT_NOON} + 4, NULL, 'books:12', NULL, NULL, NULL),"
    f" (6, {AT_NOON}, NULL, 'books:12', NULL, {AT_NOON}, NULL),"
    f" (7, {AT_NOON} + 5, NULL, NULL, NULL, NULL, NULL)",
)


@pytest.mark.parametrize("kind", asked_for())
async def test_the_upgrade_keeps_each_timers_kind_ticket_and_client(
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
        for statement in OLD_ROWS:
            await connection.execute(text(statement))
    await engine.dispose()
    store = Store(url)
    await store.upgrade()
    await store.upgrade()
    now = later(hours=1)
    async with store.write(now) as work:
        assert await work.timers.armed_billing() == {3, 12}
        assert await work.timers.digest_due() == NOON + timedelta(microseconds=5)
        ticket = await work.tickets.get_for_update(TicketId(7))
        [warning, _] = sorted(
            (await work.timers.of_each([ticket.id]))[ticket.id], key=lambda timer: timer.id
        )
        assert (warning.step, warning.fired_at) == (Step.WARNING, NOON)
        assert warning.held_until == NOON + timedelta(microseconds=1)
        claims = [await work.timers.claim(now, 9) for _ in range(5)]
    instants = {number: NOON + timedelta(microseconds=number) for number in range(6)}
    assert claims == [
        [
            LadderTimer(2, instants[1], ticket.id, "first_response:1", Step.HELD, now),
            SnoozeTimer(3, instants[2], ticket.id),
        ],
        [BillingTimer(4, instants[3], ticket.client_id)],
        [BillingTimer(5, instants[4], BETA)],
        [DigestTimer(7, instants[5])],
        [],
    ]
    await store.close()
