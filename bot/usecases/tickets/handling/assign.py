"""Assigning tickets."""

from dataclasses import replace

from bot.domain.actor import Staff
from bot.domain.destinations import Direct
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Assigned, Taken
from bot.domain.tickets.messages import TicketAssigned
from bot.domain.tickets.refusals import Action, AssigneeNotStaff, TicketNotOpen
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk


async def assign(desk: Desk, key: str, actor: UserId, to: UserId) -> Ticket:
    """Assign a ticket to a staff member; the new and the former assignee are notified. Staff
    only."""
    by = (await staff_member(desk, actor)).actor
    if await desk.work.staff.get(to) is None:
        raise AssigneeNotStaff(to)
    ticket = await _open_ticket(desk, key, Action.ASSIGN)
    if ticket.assignee == to:
        return ticket
    return await _assign(desk, ticket, by, to, Assigned)


async def _open_ticket(desk: Desk, key: str, action: Action) -> Ticket:
    """Return the open ticket with this key. Raises TicketNotOpen, which names the `action`."""
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, action)
    return ticket


async def _assign(
    desk: Desk, ticket: Ticket, by: Staff, to: UserId, event: type[Taken | Assigned]
) -> Ticket:
    """Assign the ticket to `to`, and notify both people unless they are the actor."""
    actor = by.user_id
    after = replace(ticket, assignee=to, taken=to == actor)
    after = await desk.change(ticket, after, by, event)
    for reader in {to, ticket.assignee or to} - {actor}:
        key = f"handed:{ticket.id}:{actor}:{to}:{MessageTs.at(desk.now)}:{reader}"
        message = TicketAssigned(ticket.id, actor, to, reader)
        await desk.work.outbox.say(Outgoing(key, Direct(reader), message))
    return after
