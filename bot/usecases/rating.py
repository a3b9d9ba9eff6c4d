"""How well the client says that a ticket was resolved."""

from dataclasses import replace

from bot.domain.ticket import TicketState
from bot.errors import Refusal
from bot.usecases.desk import Desk, NoSuchTicket, ticket_by_key

BEST = 5


async def rate(desk: Desk, key: str, actor: str, rating: int, channel_id: str) -> str:
    """The client gives 1 to 5, on the card in its own channel, and may think again: the last one
    counts, and all are in the history. Returns what to tell them."""
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if await desk.work.staff.get(actor) is not None:
        raise Refusal(f"Only the client rates {ticket.key}.")
    if ticket.state is not TicketState.RESOLVED:
        raise Refusal(f"{ticket.key} is {ticket.state} now: rate it once it is resolved.")
    if not 1 <= rating <= BEST:
        raise Refusal(f"Give 1 to {BEST}: press one of the buttons.")
    if rating != ticket.rating:
        await desk.change(ticket, replace(ticket, rating=rating), actor, "rated")
    return f"Thank you: you gave {ticket.key} {rating} of {BEST}."
