"""Take a ticket, or take it over from a colleague."""

from bot.domain.ids import UserId
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Taken
from bot.domain.tickets.refusals import Action, TicketChangedHands, TicketTaken
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.assign import _assign, _open_ticket


async def take(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Assign an unassigned ticket to the actor. Staff only.

    Raises Refusal if somebody else has it: of two who press at once, the second learns who was
    first.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await _open_ticket(desk, key, Action.TAKE)
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee is not None:
        raise TicketTaken(ticket.assignee, ticket.key)
    return await _assign(desk, ticket, by, actor, Taken)


async def take_over(desk: Desk, key: str, actor: UserId, has_it: UserId) -> Ticket:
    """Assign to the actor a ticket that the card shows as `has_it`'s, and notify them. Staff only.

    Raises Refusal if the assignee has changed since.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await _open_ticket(desk, key, Action.TAKE)
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee != has_it:
        raise TicketChangedHands(ticket.key, ticket.assignee)
    return await _assign(desk, ticket, by, actor, Taken)
