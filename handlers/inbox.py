"""Into the inbox before the acknowledgement, out of it by a worker, in order per channel."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from slack_bolt import BoltResponse

from bot.errors import Refusal
from bot.ports import InboxRow, Json
from handlers.door import OpenDesk
from handlers.events import handle

BATCH = 50  # deliveries a transaction when there is a queue
ATTEMPTS = 5
RETRY_AFTER = timedelta(seconds=2)
SWEEP_SECONDS = 1.0


class Inbox:
    """Both ends of the inbox."""

    def __init__(self, write: OpenDesk, read: OpenDesk) -> None:
        self._write = write
        self._read = read
        self._wake = asyncio.Event()
        self._log = structlog.get_logger("inbox")

    async def keep(self, body: Json, next_: Callable[[], Awaitable[None]]) -> BoltResponse | None:
        """Bolt acknowledges an event before its listener runs; a crash then would lose it. So
        the delivery is committed here, in a middleware, which Bolt awaits before it answers."""
        if body.get("type") != "event_callback":
            await next_()
            return None
        async with self._write() as desk:
            await desk.work.inbox.put(body["event_id"], _lane(body["event"]), body)
        self._wake.set()
        return BoltResponse(status=200, body="")

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self._drain()
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
        while True:
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
                for row in rows:
                    await desk.work.inbox.done(row.id, await handle(desk, row.body))
        except Exception:  # noqa: BLE001 (a door: each is tried by itself next, and logged then)
            return None
        return len(rows)

    async def _one_by_one(self) -> int:
        """As many as a batch has, so that the one that failed is among them."""
        for worked in range(BATCH):
            if not await self._alone():
                return worked
        return BATCH

    async def _alone(self) -> bool:
        """One delivery in its own transaction; False if none could be had."""
        row: InboxRow | None = None
        try:
            async with self._write() as desk:
                for row in await desk.work.inbox.claim(1):
                    await desk.work.inbox.done(row.id, await handle(desk, row.body))
        except Refusal as refusal:
            if row is None:
                raise
            await self._close(row, f"refused: {refusal}")
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
            await self._close(row, f"parked after {ATTEMPTS} attempts: reference {reference}")
            return
        async with self._write() as desk:
            wait = RETRY_AFTER * 2**row.attempts
            await desk.work.inbox.again(row.id, desk.now + wait)

    async def _close(self, row: InboxRow, outcome: str) -> None:
        async with self._write() as desk:
            await desk.work.inbox.done(row.id, outcome)


def _lane(event: Json) -> str:
    """The channel of an event: what concerns one channel is worked in order."""
    channel = event.get("channel") or event.get("item", {}).get("channel") or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)
