"""Waiting on the client: it pauses `resolution` and `update` clocks, never `first_response`."""

from dataclasses import replace

from bot.domain.sla.clocks.measured_spans import ClockEventKind
from bot.domain.ticket import Ticket
from bot.domain.tickets.refusals import Action, DoesNotWait, TicketNotOpen, WaitsAlready
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks


async def wait_on_client(desk: Desk, key: str, actor: str) -> Ticket:
    """Pause the ticket until the client writes or staff end the waiting. Staff only.

    Raises Refusal if the ticket is closed or waits already.
    """
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.WAIT)
    if ticket.waiting_since is not None:
        raise WaitsAlready(ticket.key)
    return await _save(
        desk, ticket, replace(ticket, waiting_since=desk.now), actor, ClockEventKind.WAITING
    )


async def wait_no_longer(desk: Desk, key: str, actor: str) -> Ticket:
    """Stop waiting on the client. Staff only. Raises Refusal if the ticket does not wait."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.waiting_since is None:
        raise DoesNotWait(ticket.key)
    return await _save(
        desk, ticket, replace(ticket, waiting_since=None), actor, ClockEventKind.RESUMED
    )


async def _save(
    desk: Desk, before: Ticket, after: Ticket, actor: str, moment: ClockEventKind
) -> Ticket:
    """Save the change and recompute the clocks."""
    changed = await desk.change(before, after, actor, moment.value)
    await recompute_clocks(desk, changed)
    return changed
