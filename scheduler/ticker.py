"""The ticker: wakes at the next due instant, and every few seconds as a net.

The truth is the due rows in the store. APScheduler only sets an event: a job that did the work
itself would be dropped when it overran.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock, SystemClock
from bot.usecases.desk import Desk
from bot.usecases.timing import BATCH, fire_due

SWEEP_SECONDS = 5
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Ticker:
    def __init__(self, write: OpenDesk, read: OpenDesk, clock: Clock) -> None:
        self._write = write
        self._read = read
        self._clock = clock
        self._machine = SystemClock()  # APScheduler runs on the machine's time, stories do not
        self._wake = asyncio.Event()
        self._armed: datetime | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._log = structlog.get_logger("ticker")

    def wake(self) -> None:
        """Look at the due rows now."""
        self._wake.set()

    def expect(self, due_at: datetime) -> None:
        """A row is due then: be awake for it, if that is sooner than planned."""
        if self._armed is None or due_at < self._armed:
            self._arm(due_at)

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.add_job(
            self.wake, "interval", seconds=SWEEP_SECONDS, id="sweep", misfire_grace_time=None
        )
        self._scheduler.start()
        try:
            while True:
                self._wake.clear()
                await self._tick_safely()
                await self._wake.wait()
        finally:
            self._scheduler.shutdown(wait=False)

    async def _tick_safely(self) -> None:
        try:
            await self._tick()
        except Exception:  # noqa: BLE001 (a door: a store that fails now may not at the next sweep)
            self._log.exception("the due rows could not be read")

    async def _tick(self) -> None:
        """Fire what is due, then arm for what comes next. One row that crashes is left for the
        next tick and does not hold up the others."""
        self._armed = None
        limit, skip = BATCH, 0
        while True:
            if not await self._is_due():
                break
            try:
                async with self._write() as desk:
                    fired = await fire_due(desk, limit=limit, skip=skip)
            except Exception:  # noqa: BLE001 (a door: logged whole, the others go on)
                self._log.exception("a due row crashed", limit=limit, skip=skip)
                limit, skip = 1, skip + (limit == 1)
                continue
            if not fired:
                break
        await self._arm_next()

    async def _is_due(self) -> bool:
        due_at = await self._next_due()
        return due_at is not None and due_at <= self._clock.now()

    async def _arm_next(self) -> None:
        due_at = await self._next_due()
        if due_at is not None and due_at > self._clock.now():
            self.expect(due_at)

    async def _next_due(self) -> datetime | None:
        async with self._read() as desk:
            return await desk.work.timers.next_due()

    def _arm(self, due_at: datetime) -> None:
        self._armed = due_at
        wait = max(timedelta(0), due_at - self._clock.now())
        self._scheduler.add_job(
            self.wake,
            "date",
            run_date=self._machine.now() + wait,
            id="due",
            replace_existing=True,
            misfire_grace_time=None,
        )
