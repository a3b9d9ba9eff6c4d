"""The client's rating of a resolved ticket."""

from dataclasses import replace

from bot.domain.actor import ClientPerson
from bot.domain.ids import ChannelId, UserId
from bot.domain.ticket import BEST_RATING, Ticket, TicketState
from bot.domain.ticket_events import Rated
from bot.domain.tickets.refusals import NoSuchRating, NoSuchTicket, NotResolved, OnlyTheClientRates
from bot.usecases.access import ticket_by_key
from bot.usecases.desk import Desk


async def rate(desk: Desk, key: str, actor: UserId, rating: int, channel_id: ChannelId) -> Ticket:
    """Record the client's rating, 1 to BEST_RATING, given on the card in the client's channel.

    A later rating replaces the earlier rating; the history keeps both. Raises NoSuchTicket for
    another channel, and Refusal for staff, for a ticket that is not resolved and for any other
    number.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if await desk.work.staff.get(actor) is not None:
        raise OnlyTheClientRates(ticket.key)
    if ticket.state is not TicketState.RESOLVED:
        raise NotResolved(ticket.key, ticket.state)
    if not 1 <= rating <= BEST_RATING:
        raise NoSuchRating(BEST_RATING)
    if rating == ticket.rating:
        return ticket
    return await desk.change(ticket, replace(ticket, rating=rating), ClientPerson(actor), Rated)
