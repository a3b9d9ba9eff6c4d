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
                rows = await desk.work.inbox.waiting(BATCH)
            if not rows:
                return
            if not await self._together(rows):
                await self._one_by_one(rows)

    async def _together(self, rows: list[InboxRow]) -> bool:
        """All of them in one transaction; False, and nothing done, if one of them fails."""
        try:
            async with self._write() as desk:
                for row in rows:
                    await desk.work.inbox.done(row.id, await handle(desk, row.body))
        except Exception:  # noqa: BLE001 (a door: each is tried by itself next, and logged then)
            return False
        return True

    async def _one_by_one(self, rows: list[InboxRow]) -> None:
        held: set[str] = set()
        for row in rows:
            if row.lane not in held and not await self._alone(row):
                held.add(row.lane)

    async def _alone(self, row: InboxRow) -> bool:
        """One delivery in its own transaction; False if it is to be tried again."""
        try:
            async with self._write() as desk:
                await desk.work.inbox.done(row.id, await handle(desk, row.body))
        except Refusal as refusal:
            await self._close(row, f"refused: {refusal}")
        except Exception:  # noqa: BLE001 (a door: logged whole, tried again, then parked)
            return await self._failed(row)
        return True

    async def _failed(self, row: InboxRow) -> bool:
        reference = secrets.token_hex(4)
        self._log.exception(
            "a delivery crashed", inbox_id=row.id, attempt=row.attempts + 1, reference=reference
        )
        if row.attempts + 1 >= ATTEMPTS:
            await self._close(row, f"parked after {ATTEMPTS} attempts: reference {reference}")
            return True
        async with self._write() as desk:
            wait = RETRY_AFTER * 2**row.attempts
            await desk.work.inbox.again(row.id, desk.now + wait)
        return False

    async def _close(self, row: InboxRow, outcome: str) -> None:
        async with self._write() as desk:
            await desk.work.inbox.done(row.id, outcome)


def _lane(event: Json) -> str:
    """The channel of an event: what concerns one channel is worked in order."""
    channel = event.get("channel") or event.get("item", {}).get("channel") or ""
    return str(channel.get("id", "") if isinstance(channel, dict) else channel)
