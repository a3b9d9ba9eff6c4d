"""The worker of the inbox: processes deliveries in order per channel."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.domain.operations.inbox import InboxRow
from bot.errors import Refusal, StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.desk import Desk, OpenDesk
from bot.usecases.operations.parked_deliveries import park
from bot.views.refusals import sentence_of
from bot.workers import PeriodicWorker
from handlers.slack.events.events import handle

BATCH = 10  # deliveries per transaction when there is a queue; few more fit into a turn
TURN_SECONDS = 0.02
ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=2)
SWEEP_SECONDS = 1.0


class InboxWorker(PeriodicWorker):
    """Processes deliveries."""

    def __init__(self, write: OpenDesk, read: OpenDesk) -> None:
        super().__init__(self._drain, "the inbox could not be worked", interval=SWEEP_SECONDS)
        self._write = write
        self._read = read
        self._log = structlog.get_logger("inbox")

    async def _drain(self) -> None:
        async with self._read() as desk:
            if not await desk.work.inbox.waiting(1):
                return
        while not self.is_stopping:
            worked = await self._together()
            if worked is None:
                worked = await self._one_by_one()
            if not worked:
                return  # none waits, or other processes handle the remaining rows
            await asyncio.sleep(0)  # a task that waits for the connection gets it first

    async def _together(self) -> int | None:
        """Process a batch in a single transaction.

        Returns the number of deliveries, or None if a delivery failed and all were rolled back.
        """
        try:
            async with self._write() as desk:
                rows = await desk.work.inbox.claim(BATCH)
                worked = await _worked(desk, rows)
                await desk.work.inbox.done(*worked)
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (entry point: each row is retried alone, and logged then)
            return None
        return len(worked)

    async def _one_by_one(self) -> int:
        """Process as many deliveries as a batch has, so that the failing delivery is included."""
        for worked in range(BATCH):
            if self.is_stopping or not await self._alone():
                return worked
        return BATCH

    async def _alone(self) -> bool:
        """Process a delivery in a separate transaction; False if there was none."""
        row: InboxRow | None = None
        try:
            async with self._write() as desk:
                for row in await desk.work.inbox.claim(1):
                    await desk.work.inbox.done((row.id, await handle(desk, row.body)))
        except Refusal as refusal:
            if row is None:
                raise
            await self._close(row, f"refused: {sentence_of(refusal)}")
        except StoreTrouble:
            raise
        except Exception:
            if row is None:
                raise
            await self._failed(row)
        return row is not None

    async def _failed(self, row: InboxRow) -> None:
        reference = secrets.token_hex(4)
        self._log.exception(
            "a delivery crashed", inbox_id=row.id, attempt=row.attempts + 1, reference=reference
        )
        if row.attempts + 1 >= ATTEMPTS:
            async with self._write() as desk:
                await park(desk, row, ATTEMPTS, reference)
            return
        async with self._write() as desk:
            wait = RETRY_AFTER * 2**row.attempts
            await desk.work.inbox.again(row.id, desk.now + wait)

    async def _close(self, row: InboxRow, outcome: str) -> None:
        async with self._write() as desk:
            await desk.work.inbox.done((row.id, outcome))


async def _worked(desk: Desk, rows: Sequence[InboxRow]) -> list[tuple[int, str]]:
    """Process the first of the rows until others wait for the store; return the results.

    Waiting deliveries (which must be acknowledged) and the messenger need not wait for the whole
    batch.
    """
    outcomes: list[tuple[int, str]] = []
    until = steady_seconds() + TURN_SECONDS
    for row in rows:
        outcomes.append((row.id, await handle(desk, row.body)))
        if steady_seconds() > until:
            break
    return outcomes
