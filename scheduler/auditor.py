"""The auditor: audits once a minute, no matter how many processes run."""

import structlog

from bot.domain.ids import TicketId
from bot.domain.operations.stuck_rows import ClocksCrashed, Finding
from bot.errors import StoreTrouble
from bot.time_source import steady_seconds
from bot.usecases.desk import OpenDesk
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
from bot.views.operations.findings import finding_words
from bot.workers import PeriodicWorker, safely

FIRST_AFTER_SECONDS = 10.0  # leaves time for timers that fell due during downtime
ROUND_SECONDS = 60.0
UNAUDITED = "the desk could not be audited"


class Auditor(PeriodicWorker):
    """Audits the store and repairs tickets.

    `findings` has the findings of the last round by key. `round_ended` is the time of the last
    round that succeeded, in any process (`steady_seconds`).
    """

    def __init__(self, write: OpenDesk, read: OpenDesk) -> None:
        super().__init__(
            self._round, UNAUDITED, interval=ROUND_SECONDS, first_delay=FIRST_AFTER_SECONDS
        )
        self._write = write
        self._read = read
        self._seen = Seen()
        self._log = structlog.get_logger("auditor")
        self.findings: dict[str, Finding] = {}
        self.repaired = 0  # number of tickets since the start
        self.round_ended = steady_seconds()

    async def round(self) -> None:
        """Detect inconsistencies, repair them, and report those that cannot be repaired."""
        await safely(self._round, UNAUDITED)

    async def _round(self) -> None:
        async with self._write() as desk:
            begun = await begin_audit(desk)
        if begun:
            await self._audit()
        else:
            self.findings = {}  # the process that held this round has them
        self.round_ended = steady_seconds()

    async def _audit(self) -> None:
        async with self._read() as desk:
            audited = await audit(desk, self._seen)
        self._seen = audited.seen
        findings = [*audited.findings, *await self._repair_all(audited)]
        for finding in findings:
            if finding.key not in self.findings:
                self._log.error(
                    "the audit found what it cannot repair", finding=finding_words(finding)
                )
                async with self._write() as desk:
                    await report(desk, finding)
        self.findings = {finding.key: finding for finding in findings}

    async def _repair_all(self, audited: AuditResult) -> list[Finding]:
        """Repair every ticket in a separate transaction, so that a failure does not affect the
        others.
        """
        checked = [await self._repair(ticket_id) for ticket_id in audited.amiss]
        checked += [await self._compare(ticket_id) for ticket_id in audited.compare]
        return [finding for finding in checked if finding is not None]

    async def _compare(self, ticket_id: TicketId) -> Finding | None:
        try:
            async with self._read() as desk:
                if await is_in_order(desk, ticket_id):
                    return None
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (entry point: the other tickets are still audited)
            return self._crashed(ticket_id)
        return await self._repair(ticket_id)

    async def _repair(self, ticket_id: TicketId) -> Finding | None:
        try:
            async with self._write() as desk:
                ticket = await repair(desk, ticket_id)
        except CannotRepair as error:
            return error.finding
        except StoreTrouble:
            raise
        except Exception:  # noqa: BLE001 (entry point: the other tickets are still repaired)
            return self._crashed(ticket_id)
        self.repaired += 1
        self._log.error(
            "a ticket's clocks or timers were amiss, they are set anew", ticket=ticket.key
        )
        return None

    def _crashed(self, ticket_id: TicketId) -> Finding:
        """Return the finding for a ticket that crashed; log the whole error the first time."""
        finding = ClocksCrashed(ticket_id)
        if finding.key not in self.findings:
            self._log.exception("a ticket could not be audited", ticket_id=ticket_id)
        return finding
