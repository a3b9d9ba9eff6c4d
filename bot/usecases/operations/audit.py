"""The audit of timers, outbox and inbox, run every minute.

Rule: "every minute, each open clock has its next timer in the future or done, each outbox row is
young or failed loudly, each inbox row is done; what is not is repaired and reported".
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.actor import System
from bot.domain.ids import TicketId
from bot.domain.operations.stuck_rows import (
    ClocksUnrepaired,
    Finding,
    QueueName,
    Waiting,
    nobody_takes,
)
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import TimersRepaired
from bot.errors import DeskbellError
from bot.usecases.agreements.billing_periods import arm_missing_billing_timers
from bot.usecases.alarm import raise_alarm
from bot.usecases.desk import Desk
from bot.usecases.reports.digest import arm_digest
from bot.usecases.sla.clocks import clocks_match_history, recompute_clocks

ROWS_AN_AUDIT = 200
COMPARED_AN_AUDIT = 50
PATIENCE = timedelta(minutes=2)


@dataclass(eq=False)
class CannotRepair(DeskbellError):
    """Recomputing a ticket's clocks does not make them agree with its history."""

    finding: ClocksUnrepaired


@dataclass(frozen=True, slots=True)
class Seen:
    """State that an audit hands to the next.

    `waiting` counts the consecutive audits in which a row has waited. The comparison of open
    tickets continues after ticket ID `compared_to`.
    """

    waiting: Counter[Waiting] = field(default_factory=Counter)
    compared_to: int = 0


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The result of an audit."""

    amiss: list[TicketId]  # tickets to be repaired
    compare: list[TicketId]  # tickets to be held against their history
    findings: list[Finding]  # rows that no worker has taken up
    seen: Seen


async def begin_audit(desk: Desk) -> bool:
    """Begin the audit of this minute and set missing timers of the digest and of billing.

    Return False if this or another process has audited this minute.
    """
    if not await desk.work.audit.begin():
        return False
    if await desk.work.timers.digest_due() is None:
        await arm_digest(desk)
    await arm_missing_billing_timers(desk)
    return True


async def audit(desk: Desk, before: Seen) -> AuditResult:
    """Return the faults in timers, outbox and inbox.

    A waiting row is only noted at first, since a worker may be about to take it. The second time, a
    ticket's timer is to be recomputed, and any other row is a finding.
    """
    waiting = await desk.work.audit.waiting(desk.now - PATIENCE, ROWS_AN_AUDIT)
    seen = Counter({row: before.waiting[row] + 1 for row in waiting})
    unarmed = await desk.work.audit.unarmed(ROWS_AN_AUDIT)
    compare = await desk.work.audit.open_tickets(before.compared_to, COMPARED_AN_AUDIT)
    reached = compare[-1] if len(compare) == COMPARED_AN_AUDIT else 0
    return AuditResult(
        sorted({*unarmed, *_overdue(seen)}),
        compare,
        [nobody_takes(row) for row, times in seen.items() if times > 1 + _is_mendable(row)],
        Seen(seen, reached),
    )


def _overdue(seen: Counter[Waiting]) -> Iterable[TicketId]:
    """Return the IDs of tickets whose timers must be recomputed."""
    return (row.ticket_id for row, times in seen.items() if row.ticket_id and _mend(row, times))


def _mend(row: Waiting, times: int) -> bool:
    """Return whether the row's timer must be recomputed in this audit."""
    return _is_mendable(row) and times == 2


def _is_mendable(row: Waiting) -> bool:
    """Return whether the row is a ticket's timer."""
    return row.where is QueueName.TIMERS and row.ticket_id is not None


async def is_in_order(desk: Desk, ticket_id: TicketId) -> bool:
    """Return whether the ticket's clocks agree with its history."""
    return await clocks_match_history(desk, await desk.work.tickets.get_for_update(ticket_id))


async def repair(desk: Desk, ticket_id: TicketId) -> Ticket:
    """Recompute the ticket's clocks and timers from its history, and note the repair there.

    A step that has passed meanwhile is due at once. Raises CannotRepair if that does not help.
    """
    ticket = await desk.work.tickets.get_for_update(ticket_id)
    await recompute_clocks(desk, ticket)
    if not await clocks_match_history(desk, ticket):
        raise CannotRepair(ClocksUnrepaired(ticket_id, ticket.key))
    await desk.note(ticket, System(), TimersRepaired())
    await desk.refresh_cards(ticket)
    return ticket


async def report(desk: Desk, finding: Finding) -> None:
    """Raise an alarm about a fault that could not be repaired, once."""
    await raise_alarm(desk, f"audit:{finding.key}", finding)
