"""Tests that a late or cancelled job of APScheduler, which only wakes the ticker, costs nothing.

With its default `misfire_grace_time` of a second APScheduler drops and deletes a single-run job
that a stall of the event loop has delayed for longer. Its `shutdown(wait=True)` cancels running
jobs, so no job does any work.
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

STALL_SECONDS = 1.6  # longer than the default grace time of APScheduler
HOUR_SECONDS = 3600


@pytest.fixture
async def idle_desk(tmp_path: Path) -> AsyncIterator[Runtime]:
    """Return a desk on the machine's clock, without a ticker."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}",
        deskbell_triage_channel="CTRIAGE",
        deskbell_managers_channel="CMANAGERS",
    )
    async with open_runtime(settings, SystemTimeSource()) as runtime:
        yield runtime


@asynccontextmanager
async def ticking(idle_desk: Runtime) -> AsyncIterator[Ticker]:
    ticker = Ticker(idle_desk.write, idle_desk.read, idle_desk.clock)
    idle_desk.on_armed = ticker.expect
    work = asyncio.create_task(ticker.run())
    await asyncio.sleep(0)
    yield ticker
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


@pytest.fixture
async def ticking_desk(
    idle_desk: Runtime, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Runtime]:
    """Return the desk with a ticker that does not sweep."""
    monkeypatch.setattr(scheduler.ticker, "SWEEP_SECONDS", HOUR_SECONDS)
    async with ticking(idle_desk):
        yield idle_desk


async def test_a_wake_up_still_comes_after_a_stall_of_the_event_loop(ticking_desk: Runtime) -> None:
    await wait_until_fired(
        ticking_desk, await arm_digest(ticking_desk, seconds=0.05)
    )  # the ticker has started
    due_at = await arm_digest(ticking_desk, seconds=0.3)
    time.sleep(0.3 + STALL_SECONDS)  # noqa: ASYNC251 (the stall itself)
    await wait_until_fired(ticking_desk, due_at)


async def test_a_wake_up_armed_again_while_it_fires_is_not_lost(ticking_desk: Runtime) -> None:
    """APScheduler skips and deletes a job that arms its own id again while it runs."""
    for _ in range(3):
        await wait_until_fired(ticking_desk, await arm_digest(ticking_desk, seconds=0.05))


async def test_apscheduler_cancels_running_jobs_when_it_is_shut_down() -> None:
    """On asyncio it cancels them even with `wait=True`."""
    started, outcomes = asyncio.Event(), []

    async def work() -> None:
        started.set()
        try:
            await asyncio.sleep(0.05)
            outcomes.append("done")
        except asyncio.CancelledError:
            outcomes.append("cut off")

    apscheduler = AsyncIOScheduler(timezone=UTC)
    apscheduler.start()
    apscheduler.add_job(work)
    await asyncio.wait_for(started.wait(), timeout=5)
    apscheduler.shutdown(wait=True)
    await asyncio.sleep(0.1)
    assert outcomes == ["cut off"]


async def test_the_tickers_job_only_wakes_the_ticker(idle_desk: Runtime) -> None:
    async with ticking(idle_desk) as ticker:
        await arm_digest(idle_desk, seconds=HOUR_SECONDS)
        [job] = ticker._scheduler.get_jobs()
        assert job.func == ticker.wake
        assert not inspect.iscoroutinefunction(job.func)


class SettableClock:
    """The machine's clock as the desk and APScheduler read it, with an adjustable offset."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.offset = timedelta(0)
        clock = self

        class ShiftedDatetime(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return super().now(tz) + clock.offset

        monkeypatch.setattr("apscheduler.schedulers.base.datetime", ShiftedDatetime)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


@pytest.mark.parametrize("days", [-1, 1])
async def test_timers_armed_elsewhere_fire_after_the_machines_clock_is_set(
    idle_desk: Runtime, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """Only the sweep finds the timers of another replica."""
    monkeypatch.setattr(scheduler.ticker, "SWEEP_SECONDS", 0.2)
    idle_desk.clock = clock = SettableClock(monkeypatch)
    async with ticking(idle_desk):
        await wait_until_fired(idle_desk, await arm_digest(idle_desk, seconds=0.3))
        idle_desk.on_armed = lambda _: None
        clock.offset = timedelta(days=days)
        await wait_until_fired(idle_desk, await arm_digest(idle_desk, seconds=0.3))


async def arm_digest(runtime: Runtime, *, seconds: float) -> datetime:
    """Arm the digest and return its due instant."""
    async with runtime.write() as desk:
        due_at = desk.now + timedelta(seconds=seconds)
        await desk.work.timers.arm_digest(due_at)
    return due_at


async def wait_until_fired(runtime: Runtime, due_at: datetime) -> None:
    """Wait until the timer with this due instant has fired."""
    async with asyncio.timeout(5):
        while await next_due(runtime) == due_at:  # noqa: ASYNC110 (the store has no event for it)
            await asyncio.sleep(0.01)


async def next_due(runtime: Runtime) -> datetime | None:
    async with runtime.read() as desk:
        return await desk.work.timers.next_due()
