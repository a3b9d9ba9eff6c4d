"""Waiving the price of a ticket: "a manager can waive with a reason"."""

from dataclasses import replace

from bot.domain.ids import UserId
from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.domain.ticket_events import Waived
from bot.domain.tickets.refusals import NothingToWaive
from bot.usecases.access import check_length, manager, ticket_by_key
from bot.usecases.desk import Desk


async def waive(desk: Desk, key: str, actor: UserId, why: str | None) -> Ticket:
    """Waive the ticket's overage for the reason `why`; None ends the waiver. Managers only.

    The ticket keeps its position in the quota. Clients never see the reason. Raises Refusal if the
    ticket does not count, or if the reason is too long.
    """
    by = (await manager(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if not ticket.counted and why:
        raise NothingToWaive(ticket.key)
    waived = (why or "").strip() or None
    if waived == ticket.waived:
        return ticket
    check_length(why or "", FAULT_LENGTH)
    return await desk.change(ticket, replace(ticket, waived=waived), by, Waived)
