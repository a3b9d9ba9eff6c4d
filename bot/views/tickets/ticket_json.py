"""A ticket as data for scripts."""

from typing import Any

from bot.domain.tickets.ticket_view import TicketView
from bot.views.instant_text import instant_text


def ticket_line(ticket_view: TicketView) -> dict[str, Any]:
    """Return a ticket as JSON data. Instants are ISO 8601 in UTC and end in `Z`."""
    ticket = ticket_view.ticket
    return {
        "key": ticket.key,
        "client": ticket_view.client.name,
        "plan": ticket.plan_id,
        "severity": ticket.severity,
        "state": ticket.state.value,
        "opened_at": instant_text(ticket.opened_at),
        "due_at": instant_text(ticket_view.deadline.due_at),
        "first_response_at": instant_text(ticket.first_response_at),
        "breached": ticket_view.breached_at is not None,
        "assignee": ticket.assignee,
        "counted": ticket.counted,
    }
