"""Waiting on the client: it pauses `resolution` and `update` clocks, never `first_response`."""

from dataclasses import replace

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Resumed, Waiting
from bot.domain.tickets.refusals import Action, DoesNotWait, TicketNotOpen, WaitsAlready
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks


async def wait_on_client(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Pause the ticket until the client writes or staff end the waiting. Staff only.

    Raises Refusal if the ticket is closed or waits already.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.WAIT)
    if ticket.waiting_since is not None:
        raise WaitsAlready(ticket.key)
    return await _save(desk, ticket, replace(ticket, waiting_since=desk.now), by, Waiting)


async def wait_no_longer(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Stop waiting on the client. Staff only. Raises Refusal if the ticket does not wait."""
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if ticket.waiting_since is None:
        raise DoesNotWait(ticket.key)
    return await _save(desk, ticket, replace(ticket, waiting_since=None), by, Resumed)


async def _save(
    desk: Desk, before: Ticket, after: Ticket, by: Staff, event: type[Waiting | Resumed]
) -> Ticket:
    """Save the change and recompute the clocks."""
    changed = await desk.change(before, after, by, event)
    await recompute_clocks(desk, changed)
    return changed
