"""Reading a ticket with everything that is shown of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.quota import standing
from bot.domain.ids import TicketId, UserId
from bot.domain.operations.client import Client
from bot.domain.sla.clocks.stored_clock import ClockRow
from bot.domain.sla.targets.metric import Metric
from bot.domain.ticket import Ticket
from bot.domain.tickets.ticket_view import ClockLine, TicketView
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.escalation.people import people_of


async def view_ticket(desk: Desk, ticket: Ticket) -> TicketView:
    """Return everything that can be shown of a ticket now.

    A breach that is not on record yet is computed and shown all the same.
    """
    return await _view(
        desk,
        ticket,
        await desk.work.clients.by_id_for_update(ticket.client_id),
        await desk.work.clients.agreement(ticket.agreement_id),
        await desk.work.clocks.of(ticket.id),
    )


async def view_tickets(desk: Desk, ticket_ids: Collection[TicketId]) -> dict[TicketId, TicketView]:
    """Return the sheets of several tickets, by ticket ID. No rows are locked."""
    clocks = await desk.work.clocks.of_each(ticket_ids)
    parties = await desk.work.tickets.with_parties(ticket_ids)
    await desk.work.clients.read_versions([client.id for _, client, _ in parties])
    return {
        ticket.id: await _view(desk, ticket, client, agreement, clocks[ticket.id])
        for ticket, client, agreement in parties
    }


async def _view(
    desk: Desk, ticket: Ticket, client: Client, agreement: Agreement, rows: Sequence[ClockRow]
) -> TicketView:
    """Return the view of a ticket whose rows have been read."""
    plan = await desk.plans.plan(
        desk.work, ticket.catalog_version_id, ticket.plan_id, agreement.terms
    )
    people = await people_of(desk, ticket, plan)
    acts = people.acts_for(ticket.assignee, desk.now)
    lines = [_line(row, desk.now) for row in rows]
    first = next(line for line in lines if line.metric is Metric.FIRST_RESPONSE)
    period = await desk.billing_period(ticket.client_id, ticket.opened_at)
    position = await desk.work.tickets.position(ticket, period)
    return TicketView(
        ticket=ticket,
        client=client,
        plan=plan,
        deadline=first.deadline,
        clock=first.state,
        breached_at=first.breached_at,
        standing=standing(plan.quota, position, waived=bool(ticket.waived))
        if ticket.counted
        else None,
        engineer=people.named(desk.now),
        stand_in=acts if acts != ticket.assignee else None,
        away=ticket.assignee is not None and acts != ticket.assignee,
        agreed_at=agreement.effective_from,
        further=tuple(line for line in lines if line.metric is not Metric.FIRST_RESPONSE),
    )


def _line(row: ClockRow, now: datetime) -> ClockLine:
    """Return a clock's state as of now."""
    clock = row.clock
    breached_at = row.breached_at or clock.broken_at(now)
    return ClockLine(
        clock.name,
        clock.span.metric,
        clock.deadline,
        clock.state(breached_at),
        breached_at,
        clock.span.stops_at,
    )


async def view_ticket_for_staff(desk: Desk, key: str, actor: UserId) -> TicketView:
    """Return the ticket with this key. Staff only. Raises NoSuchTicket."""
    await staff_member(desk, actor)
    return await view_ticket(desk, await ticket_by_key(desk, key))


async def view_all_tickets(desk: Desk) -> list[TicketView]:
    """Return every ticket, in order of creation."""
    return [await view_ticket(desk, ticket) for ticket in await desk.work.tickets.all()]
