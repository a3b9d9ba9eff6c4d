"""The ticker: wakes at the next due instant, and every few seconds as a safety net.

The due rows in the store are authoritative. APScheduler only sets an event: it would drop a job
that did the work itself and overran.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import StoreTrouble
from bot.time_source import SystemTimeSource, TimeSource
from bot.usecases.desk import OpenDesk
from bot.usecases.due_timers import BATCH, fire_due
from bot.workers import PeriodicWorker, until

SWEEP_SECONDS = 5
HEAR_FIRST_SECONDS = 30.0


class Ticker(PeriodicWorker):
    """Fires due timers.

    `heard` is set when messages written during downtime are known, since they may include an
    answer; timers that fell due meanwhile are judged then. The wait is limited to
    HEAR_FIRST_SECONDS, because Slack may be unavailable.
    """

    def __init__(
        self, write: OpenDesk, read: OpenDesk, clock: TimeSource, heard: asyncio.Event | None = None
    ) -> None:
        # APScheduler uses the machine's clock: if it is set back, jobs are delayed by the
        # difference. The interval is a safety net that uses the event loop's time.
        super().__init__(self._tick, "the due rows could not be read", interval=SWEEP_SECONDS)
        self._write = write
        self._read = read
        self._clock = clock
        self._machine = SystemTimeSource()  # APScheduler uses the machine's time, tests may not
        self._heard = heard
        self._armed: datetime | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._log = structlog.get_logger("ticker")

    def expect(self, due_at: datetime) -> None:
        """Wake at `due_at` if that is sooner than planned."""
        if self._armed is None or due_at < self._armed:
            self._arm(due_at)

    def stop(self) -> None:
        """Stop after the transaction in progress."""
        super().stop()
        if self._heard is not None:
            self._heard.set()

    async def run(self) -> None:
        """Tick until `stop`."""
        if self._heard is not None:
            await until(self._heard, HEAR_FIRST_SECONDS)
        self._scheduler.start()
        try:
            await super().run()
        finally:
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        """Fire all due timers, then arm for the next.

        A row that crashes is left for the next tick and does not block the others.
        """
        self._armed = None
        limit, skip = BATCH, 0
        while not self.is_stopping:
            if not await self._is_due():
                break
            try:
                async with self._write() as desk:
                    fired = await fire_due(desk, limit=limit, skip=skip)
            except StoreTrouble:
                raise  # no row is at fault, and the next would fail too
            except Exception:  # noqa: BLE001 (entry point: logged, the other rows continue)
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
