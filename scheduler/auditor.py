"""The auditor's rounds: one a minute, once however many processes run."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from bot.usecases.auditing import audit, repair
from bot.usecases.desk import Desk

FIRST_AFTER_SECONDS = 10.0  # once what fell due while nobody served has been taken up
ROUND_SECONDS = 60.0
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Auditor:
    def __init__(self, write: OpenDesk) -> None:
        self._write = write
        self._log = structlog.get_logger("auditor")

    async def run(self) -> None:
        """Audit until cancelled."""
        await asyncio.sleep(FIRST_AFTER_SECONDS)
        while True:
            await self.round()
            await asyncio.sleep(ROUND_SECONDS)

    async def round(self) -> None:
        """Find what is amiss and repair it, each ticket in a transaction of its own: one that
        cannot be repaired does not keep the others from it."""
        try:
            async with self._write() as desk:
                found = await audit(desk)
        except Exception:  # noqa: BLE001 (a door: a store that fails now may not in a minute)
            self._log.exception("the desk could not be audited")
            return
        for ticket_id in found or ():
            await self._repair(ticket_id)

    async def _repair(self, ticket_id: int) -> None:
        try:
            async with self._write() as desk:
                ticket = await repair(desk, ticket_id)
        except Exception:  # noqa: BLE001 (a door: logged whole, tried again in a minute)
            self._log.exception("a ticket's timers could not be repaired", ticket_id=ticket_id)
            return
        self._log.error("a ticket had lost a timer, it is armed again", ticket=ticket.key)
