"""Mark a ticket as caused by the vendor."""

from dataclasses import replace

from bot.domain.ids import UserId
from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.domain.ticket_events import FaultRecorded
from bot.usecases.access import check_length, staff_member, ticket_by_key
from bot.usecases.desk import Desk


async def own_fault(desk: Desk, key: str, actor: UserId, why: str | None) -> Ticket:
    """Record why the vendor caused the ticket, so that it does not count; None removes the record.

    Staff only. Clients never see the reason. Raises Refusal if it is too long.
    """
    by = (await staff_member(desk, actor)).actor
    check_length(why or "", FAULT_LENGTH)
    ticket = await ticket_by_key(desk, key)
    fault = (why or "").strip() or None
    if fault == ticket.fault:
        return ticket
    return await desk.change(ticket, replace(ticket, fault=fault), by, FaultRecorded)
