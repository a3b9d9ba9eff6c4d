"""Open tickets in order of their due times."""

from collections.abc import Collection
from datetime import UTC, datetime

from bot.domain.ids import TicketId, UserId
from bot.domain.operations.client import Client
from bot.domain.tickets.ticket_view import TicketView
from bot.usecases.desk import Desk
from bot.usecases.tickets.ticket_views import view_tickets

_NEVER = datetime.max.replace(tzinfo=UTC)


async def open_for(desk: Desk, people: Collection[str]) -> list[TicketId]:
    """Return the IDs of the open tickets that these people may have to act on, and a few others."""
    staff = await desk.work.staff.all()
    present = [member.user_id for member in staff if not member.is_away(desk.now)]
    return await desk.work.tickets.open_for(people, present)


def is_for(ticket_view: TicketView, user_id: UserId, now: datetime) -> bool:
    """Return whether the person must act on the ticket now.

    A snoozed ticket can wait, unless it is overdue or at risk.
    """
    pressing = ticket_view.is_late or ticket_view.is_at_risk(now)
    return ticket_view.has_it == user_id and (pressing or not ticket_view.ticket.sleeps(now))


async def open_ticket_views(desk: Desk, client: Client | None = None) -> list[TicketView]:
    """Return the open tickets of a client or of all clients, in order of their due times."""
    return await views_in_order(
        desk, await desk.work.tickets.open_ids(client.id if client else None)
    )


async def views_in_order(desk: Desk, ticket_ids: Collection[TicketId]) -> list[TicketView]:
    """Return the tickets in order of their next due times; without a due time they come last."""
    ticket_views = await view_tickets(desk, ticket_ids) if ticket_ids else {}
    return sorted(
        ticket_views.values(),
        key=lambda ticket_view: (ticket_view.next_due or _NEVER, ticket_view.ticket.opened_at),
    )
