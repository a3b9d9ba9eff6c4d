"""APScheduler only wakes the ticker; what it does with a late or a cut-off job must cost nothing.

With its default `misfire_grace_time` of one second it drops a one-shot job that a stall of the
event loop has made later than that, and deletes it. Its `shutdown(wait=True)` cancels jobs that
run, so none of them does any work.
"""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

import scheduler.ticker
from bot.runtime import Runtime, open_runtime
from bot.settings import Settings
from bot.time_source import SystemTimeSource
from scheduler.ticker import Ticker

STALL_SECONDS = 1.6  # more than APScheduler forgives by default
AN_HOUR_SECONDS = 3600


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Runtime]:
    """A desk on the machine's clock."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}",
        deskbell_triage_channel="CTRIAGE",
        deskbell_managers_channel="CMANAGERS",
    )
    async with open_runtime(settings, SystemTimeSource()) as at_rest:
        yield at_rest


@asynccontextmanager
async def ticking(made: Runtime) -> AsyncIterator[Ticker]:
    ticker = Ticker(made.write, made.read, made.clock)
    made.on_armed = ticker.expect
    work = asyncio.create_task(ticker.run())
    await asyncio.sleep(0)
    yield ticker
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


@pytest.fixture
async def opened(made: Runtime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Runtime]:
    """The desk with a ticker that no sweep helps on."""
    monkeypatch.setattr(scheduler.ticker, "SWEEP_SECONDS", AN_HOUR_SECONDS)
    async with ticking(made):
        yield made


async def test_a_wake_up_that_a_stall_of_the_loop_made_late_still_comes(opened: Runtime) -> None:
    await fired(opened, await arm(opened, seconds=0.05))  # the ticker is at its post
    due_at = await arm(opened, seconds=0.3)
    time.sleep(0.3 + STALL_SECONDS)  # noqa: ASYNC251 (the stall itself)
    await fired(opened, due_at)


async def test_a_wake_up_that_is_armed_again_while_it_fires_is_not_lost(opened: Runtime) -> None:
    """A job that arms its own id anew while it runs is skipped and deleted by APScheduler."""
    for _ in range(3):
        await fired(opened, await arm(opened, seconds=0.05))


async def test_what_is_at_work_when_the_scheduler_is_shut_down_is_cut_off() -> None:
    """APScheduler on asyncio cancels the jobs that run, also where it was told to wait."""
    began, ended = asyncio.Event(), []

    async def work() -> None:
        began.set()
        try:
            await asyncio.sleep(0.05)
            ended.append("done")
        except asyncio.CancelledError:
            ended.append("cut off")

    machinery = AsyncIOScheduler(timezone=UTC)
    machinery.start()
    machinery.add_job(work)
    await asyncio.wait_for(began.wait(), timeout=5)
    machinery.shutdown(wait=True)
    await asyncio.sleep(0.1)
    assert ended == ["cut off"]


async def test_so_a_job_does_no_work_and_only_wakes(made: Runtime) -> None:
    async with ticking(made) as ticker:
        await arm(made, seconds=AN_HOUR_SECONDS)
        [job] = ticker._scheduler.get_jobs()
        assert job.func == ticker.wake
        assert not inspect.iscoroutinefunction(job.func)


class Machine:
    """The machine's clock, as the desk and APScheduler read it; it can be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.set_by = timedelta(0)
        machine = self

        class Set(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return super().now(tz) + machine.set_by

        monkeypatch.setattr("apscheduler.schedulers.base.datetime", Set)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.set_by


@pytest.mark.parametrize("days", [-1, 1])
async def test_after_the_clock_was_set_what_others_have_armed_is_seen_as_before(
    made: Runtime, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Another replica's rows are found by the sweep alone."""
    monkeypatch.setattr(scheduler.ticker, "SWEEP_SECONDS", 0.2)
    made.clock = machine = Machine(monkeypatch)
    async with ticking(made):
        await fired(made, await arm(made, seconds=0.3))
        made.on_armed = lambda _: None
        machine.set_by = timedelta(days=days)
        await fired(made, await arm(made, seconds=0.3))


async def arm(opened: Runtime, *, seconds: float) -> datetime:
    """Let something be due so soon."""
    async with opened.write() as desk:
        due_at = desk.now + timedelta(seconds=seconds)
        await desk.work.timers.arm_digest(due_at)
    return due_at


async def fired(opened: Runtime, due_at: datetime) -> None:
    """Wait until what is due then has been taken up."""
    async with asyncio.timeout(5):
        while await next_due(opened) == due_at:  # noqa: ASYNC110 (the store has no event for it)
            await asyncio.sleep(0.01)


async def next_due(opened: Runtime) -> datetime | None:
    async with opened.read() as desk:
        return await desk.work.timers.next_due()
