"""The client's rating of a resolved ticket."""

from dataclasses import replace

from bot.domain.ticket import Ticket, TicketState
from bot.errors import Refusal
from bot.usecases.access import NoSuchTicket, ticket_by_key
from bot.usecases.desk import Desk

BEST = 5


async def rate(desk: Desk, key: str, actor: str, rating: int, channel_id: str) -> Ticket:
    """Record the client's rating, 1 to BEST, given on the card in the client's channel.

    A later rating replaces the earlier rating; the history keeps both. Raises NoSuchTicket
    for another channel, and Refusal for staff, for a ticket that is not resolved and for any other
    number.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if await desk.work.staff.get(actor) is not None:
        raise Refusal(f"Only the client rates {ticket.key}.")
    if ticket.state is not TicketState.RESOLVED:
        raise Refusal(f"{ticket.key} is {ticket.state} now: rate it once it is resolved.")
    if not 1 <= rating <= BEST:
        raise Refusal(f"Give 1 to {BEST}: press one of the buttons.")
    if rating == ticket.rating:
        return ticket
    return await desk.change(ticket, replace(ticket, rating=rating), actor, "rated")
