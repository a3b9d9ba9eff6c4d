"""Reading the desk: a ticket with everything around it."""

from bot.domain.escalation import named_engineer
from bot.domain.period import period_of
from bot.domain.promised import breach_instant, clock_state
from bot.domain.quota import standing
from bot.domain.sheet import TicketSheet
from bot.domain.ticket import Ticket
from bot.usecases.desk import Desk, staff_member, ticket_by_key


async def sheet_of(desk: Desk, ticket: Ticket) -> TicketSheet:
    """Everything there is to show of a ticket now. A breach that no tick has recorded yet is
    shown all the same: the clock is what it is."""
    plan = await desk.plan_of(ticket)
    clock = await desk.work.clocks.get(ticket.id)
    breached_at = clock.breached_at or breach_instant(
        clock.promise, answered_at=ticket.first_response_at, now=desk.now
    )
    position = await desk.work.tickets.position(ticket, period_of(ticket.opened_at, plan.zone))
    return TicketSheet(
        ticket=ticket,
        client=await desk.work.clients.by_id(ticket.client_id),
        plan=plan,
        promise=clock.promise,
        clock=clock_state(
            clock.promise, breached_at=breached_at, answered_at=ticket.first_response_at
        ),
        breached_at=breached_at,
        standing=standing(plan.quota, position) if ticket.counted else None,
        engineer=named_engineer(plan, await desk.work.clients.agreement(ticket.agreement_id)),
    )


async def sheet_for_staff(desk: Desk, key: str, actor: str) -> TicketSheet:
    """A ticket by its key, for a member of staff; raises NotStaff or NoSuchTicket."""
    await staff_member(desk, actor)
    return await sheet_of(desk, await ticket_by_key(desk, key))


async def all_sheets(desk: Desk) -> list[TicketSheet]:
    """Every ticket, in the order in which they came to be."""
    return [await sheet_of(desk, ticket) for ticket in await desk.work.tickets.all()]
