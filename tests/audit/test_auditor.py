"""What the auditor finds amiss is put right, once a minute."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Office, office
from bot.clock import StoryClock, ts_of
from bot.ports import ChannelMessage
from bot.settings import Settings
from bot.usecases.administration import NewClient, add_client
from bot.usecases.auditing import audit
from bot.usecases.intake import receive_message
from scheduler.auditor import Auditor
from tests.story import MONDAY

Armed = list[tuple[int, str, str]]


class Desktop:
    """An office on SQLite with one ticket, ACME-1, and a hand in its file."""

    def __init__(self, opened: Office, clock: StoryClock, file: Path) -> None:
        self.office = opened
        self.clock = clock
        self.file = file

    def spoil(self, order: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection, connection:
            connection.execute(order)

    def armed(self) -> Armed:
        query = "SELECT due_at, clock, step FROM timers WHERE ticket_id IS NOT NULL ORDER BY 1, 2"
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    async def told(self) -> list[str]:
        async with self.office.read() as desk:
            return [event.kind for event in await desk.work.history.of(1)]

    async def round(self) -> None:
        self.clock.advance(timedelta(minutes=1))
        await Auditor(self.office.write).round()


@pytest.fixture
async def desktop(tmp_path: Path) -> AsyncIterator[Desktop]:
    clock, file = StoryClock(MONDAY), tmp_path / "desk.db"
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{file}",
        deskbell_triage_channel="CTRIAGE",
        deskbell_managers_channel="CMANAGERS",
    )
    async with office(settings, clock) as opened:
        async with opened.write() as desk:
            await add_client(desk, NewClient("Acme", "ACME", "standard", "CACME", None, None))
            message = ChannelMessage("CACME", ts_of(MONDAY), None, "UANN", "Our server is down")
            await receive_message(desk, message)
        yield Desktop(opened, clock, file)


async def test_timers_that_were_lost_are_armed_again_and_the_history_says_so(
    desktop: Desktop,
) -> None:
    before = desktop.armed()
    desktop.spoil("DELETE FROM timers")
    await desktop.round()
    assert before
    assert desktop.armed() == before
    assert (await desktop.told())[-1] == "timers_repaired"


async def test_one_missing_step_among_several_is_noticed(desktop: Desktop) -> None:
    before = desktop.armed()
    for _, _, step in before:
        desktop.spoil(f"DELETE FROM timers WHERE step = '{step}'")  # noqa: S608 (our own word)
        await desktop.round()
        assert desktop.armed() == before


async def test_a_timer_at_a_wrong_instant_is_replaced(desktop: Desktop) -> None:
    before = desktop.armed()
    desktop.spoil("UPDATE timers SET due_at = due_at + 1")
    await desktop.round()
    assert desktop.armed() == before


async def test_what_is_in_order_is_left_alone(desktop: Desktop) -> None:
    before = await desktop.told()
    await desktop.round()
    assert await desktop.told() == before


async def test_a_timer_that_has_fired_is_done_and_not_armed_again(desktop: Desktop) -> None:
    desktop.spoil("UPDATE timers SET fired_at = due_at WHERE ticket_id IS NOT NULL")
    await desktop.round()
    assert "timers_repaired" not in await desktop.told()


async def test_a_digest_that_nobody_waits_for_is_armed(desktop: Desktop) -> None:
    await desktop.round()
    async with desktop.office.read() as desk:
        due_at = await desk.work.timers.digest_due()
    assert due_at is not None
    assert due_at > MONDAY


async def test_a_minute_is_audited_once_and_old_rounds_are_forgotten(desktop: Desktop) -> None:
    minutes: list[datetime | None] = []
    for _ in range(2):
        async with desktop.office.write() as desk:
            found = await audit(desk)
            minutes.append(await desk.work.audit.last() if found is not None else None)
    assert minutes == [MONDAY, None]
    desktop.clock.advance(timedelta(hours=2))
    await desktop.round()
    with closing(sqlite3.connect(desktop.file)) as connection:
        query = "SELECT count(*) FROM periods WHERE kind = 'audit'"
        assert connection.execute(query).fetchone() == (1,)
