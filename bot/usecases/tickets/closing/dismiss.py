"""Dismiss a message that is not a ticket."""

from bot.domain.ids import UserId
from bot.domain.ticket import Ticket, TicketState
from bot.domain.tickets.refusals import AnsweredAlready
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.withdraw import _cancel


async def dismiss(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Dismiss a ticket that staff say is none; it does not count. Staff only.

    Raises Refusal if it has been answered: an answered message is a ticket.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if ticket.first_response_at is not None:
        raise AnsweredAlready(ticket.key)
    return await _cancel(desk, ticket, by, TicketState.DISMISSED)
