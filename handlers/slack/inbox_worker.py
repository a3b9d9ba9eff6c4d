"""Out of the inbox, in order per channel."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.domain.operations.inbox import InboxRow
from bot.errors import Refusal, StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.desk import Desk
from bot.usecases.operations.parked_deliveries import park
from handlers.slack.door import OpenDesk
from handlers.slack.events.events import handle

BATCH = 50  # deliveries a transaction when there is a queue
TURN_SECONDS = 0.02
ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=2)
SWEEP_SECONDS = 1.0


class InboxWorker:
    """The worker of what was delivered."""

    def __init__(self, write: OpenDesk, read: OpenDesk) -> None:
        self._write = write
        self._read = read
        self._wake = asyncio.Event()
        self._stopping = False
        self._log = structlog.get_logger("inbox")

    def wake(self) -> None:
        """Something was put into the inbox."""
        self._wake.set()

    def stop(self) -> None:
        """Work no more than the transaction under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self._drain()
            except StoreTrouble:
                pass  # whoever opened the desk has noted it, and no delivery is to blame
            except Exception:  # noqa: BLE001 (a door: a store that fails now may not in a second)
                self._log.exception("the inbox could not be worked")
            await self._until_woken()

    async def _until_woken(self) -> None:
        try:
            async with asyncio.timeout(SWEEP_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _drain(self) -> None:
        while not self._stopping:
            async with self._read() as desk:
                if not await desk.work.inbox.waiting(1):
                    return
            worked = await self._together()
            if worked is None:
                worked = await self._one_by_one()
            if not worked:
                return  # others work what waits

    async def _together(self) -> int | None:
        """A batch in one transaction; how many, or None, and nothing done, if one of them fails."""
        try:
            async with self._write() as desk:
                rows = await desk.work.inbox.claim(BATCH)
                worked = await _worked(desk, rows)
                await desk.work.inbox.done(*worked)
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (a door: each is tried by itself next, and logged then)
            return None
        return len(worked)

    async def _one_by_one(self) -> int:
        """As many as a batch has, so that the one that failed is among them."""
        for worked in range(BATCH):
            if self._stopping or not await self._alone():
                return worked
        return BATCH

    async def _alone(self) -> bool:
        """One delivery in its own transaction; False if none could be had."""
        row: InboxRow | None = None
        try:
            async with self._write() as desk:
                for row in await desk.work.inbox.claim(1):
                    await desk.work.inbox.done((row.id, await handle(desk, row.body)))
        except Refusal as refusal:
            if row is None:
                raise
            await self._close(row, f"refused: {refusal}")
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
    """What became of the first of them. What waits for the store meanwhile (a delivery that is to
    be acknowledged, the messenger) need not wait for all."""
    outcomes: list[tuple[int, str]] = []
    until = steady_seconds() + TURN_SECONDS
    for row in rows:
        outcomes.append((row.id, await handle(desk, row.body)))
        if steady_seconds() > until:
            break
    return outcomes
