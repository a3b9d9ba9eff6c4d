"""Take a ticket, or take it over from a colleague."""

from bot.domain.ids import UserId
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Taken
from bot.errors import Refusal
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.assign import _assign, _open_ticket, mentioned


async def take(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Assign an unassigned ticket to the actor. Staff only.

    Raises Refusal if somebody else has it: of two who press at once, the second learns who was
    first.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await _open_ticket(desk, key, "take it")
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee is not None:
        raise Refusal(
            f"{mentioned(ticket.assignee)} has {ticket.key}: press *Take over* on its card if it"
            " should be yours.",
            mentions=(ticket.assignee,),
        )
    return await _assign(desk, ticket, by, actor, Taken)


async def take_over(desk: Desk, key: str, actor: UserId, has_it: UserId) -> Ticket:
    """Assign to the actor a ticket that the card shows as `has_it`'s, and notify them. Staff only.

    Raises Refusal if the assignee has changed since.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await _open_ticket(desk, key, "take it")
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee != has_it:
        now_has_it = mentioned(ticket.assignee) if ticket.assignee else "nobody"
        raise Refusal(
            f"{ticket.key} has changed hands: {now_has_it} has it now.",
            mentions=(ticket.assignee,) if ticket.assignee else (),
        )
    return await _assign(desk, ticket, by, actor, Taken)
