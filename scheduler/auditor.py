"""The auditor's rounds: one a minute, once however many processes run."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import structlog

from bot.domain.operations.stuck_rows import Finding
from bot.errors import StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.desk import Desk
from bot.usecases.operations.audit import (
    AuditResult,
    CannotRepair,
    Seen,
    audit,
    begin_audit,
    is_in_order,
    repair,
    report,
)
from bot.workers import safely, until

FIRST_AFTER_SECONDS = 10.0  # once what fell due while nobody served has been taken up
ROUND_SECONDS = 60.0
OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]


class Auditor:
    """`findings` are those of the last round, by their keys; `round_ended` says when one could
    last be held, here or elsewhere (`steady_seconds`)."""

    def __init__(self, write: OpenDesk, read: OpenDesk) -> None:
        self._write = write
        self._read = read
        self._seen = Seen()
        self._log = structlog.get_logger("auditor")
        self.findings: dict[str, Finding] = {}
        self.repaired = 0  # tickets, since the start
        self.round_ended = steady_seconds()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Hold no more than the round under way."""
        self._stopping.set()

    async def run(self) -> None:
        """Audit until `stop`."""
        await until(self._stopping, FIRST_AFTER_SECONDS)
        while not self._stopping.is_set():
            await self.round()
            await until(self._stopping, ROUND_SECONDS)

    async def round(self) -> None:
        """Find what is amiss, repair it, and report what cannot be repaired."""
        await safely(self._round, "the desk could not be audited")

    async def _round(self) -> None:
        async with self._write() as desk:
            begun = await begin_audit(desk)
        if begun:
            await self._audit()
        else:
            self.findings = {}  # whoever held this round knows what is amiss by now
        self.round_ended = steady_seconds()

    async def _audit(self) -> None:
        async with self._read() as desk:
            audited = await audit(desk, self._seen)
        self._seen = audited.seen
        found = [*audited.findings, *await self._mended(audited)]
        for finding in found:
            if finding.key not in self.findings:
                self._log.error("the audit found what it cannot repair", finding=finding.words)
                async with self._write() as desk:
                    await report(desk, finding)
        self.findings = {finding.key: finding for finding in found}

    async def _mended(self, audited: AuditResult) -> list[Finding]:
        """Each ticket in a transaction of its own: one that cannot be repaired does not keep the
        others from it."""
        checked = [await self._mend(ticket_id) for ticket_id in audited.amiss]
        checked += [await self._compare(ticket_id) for ticket_id in audited.compare]
        return [finding for finding in checked if finding is not None]

    async def _compare(self, ticket_id: int) -> Finding | None:
        try:
            async with self._read() as desk:
                if await is_in_order(desk, ticket_id):
                    return None
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (a door: the others are audited all the same)
            return self._crashed(ticket_id)
        return await self._mend(ticket_id)

    async def _mend(self, ticket_id: int) -> Finding | None:
        try:
            async with self._write() as desk:
                ticket = await repair(desk, ticket_id)
        except CannotRepair as error:
            return Finding(f"ticket:{ticket_id}", str(error))
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (a door: the others are repaired all the same)
            return self._crashed(ticket_id)
        self.repaired += 1
        self._log.error(
            "a ticket's clocks or timers were amiss, they are set anew", ticket=ticket.key
        )
        return None

    def _crashed(self, ticket_id: int) -> Finding:
        """Logged whole the first time."""
        finding = Finding(
            f"ticket:{ticket_id}",
            f"the clocks of ticket number {ticket_id} in the store cannot be computed: the log has"
            " the whole error",
        )
        if finding.key not in self.findings:
            self._log.exception("a ticket could not be audited", ticket_id=ticket_id)
        return finding
