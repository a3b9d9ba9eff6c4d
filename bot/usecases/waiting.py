"""Waiting on the client: it pauses `resolution` and `update` clocks, never `first_response`."""

from dataclasses import replace

from bot.domain.life import What
from bot.domain.ticket import Ticket
from bot.errors import Refusal
from bot.usecases.clock import set_clocks
from bot.usecases.desk import Desk, staff_member, ticket_by_key


async def wait_on_client(desk: Desk, key: str, actor: str) -> Ticket:
    """Until the client writes, or staff say that they wait no longer."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state}: reopen it first, then wait on the client.")
    if ticket.waiting_since is not None:
        raise Refusal(f"{ticket.key} waits on the client already.")
    return await _set(desk, ticket, replace(ticket, waiting_since=desk.now), actor, What.WAITING)


async def wait_no_longer(desk: Desk, key: str, actor: str) -> Ticket:
    """Staff go on without the client's answer."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.waiting_since is None:
        raise Refusal(f"{ticket.key} does not wait on the client.")
    return await _set(desk, ticket, replace(ticket, waiting_since=None), actor, What.RESUMED)


async def _set(desk: Desk, before: Ticket, after: Ticket, actor: str, what: What) -> Ticket:
    changed = await desk.change(before, after, actor, what.value)
    await set_clocks(desk, changed)
    return changed
