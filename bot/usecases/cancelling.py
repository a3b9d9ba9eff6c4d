"""A ticket that is taken back: its client withdraws it, or staff say that it was none."""

from dataclasses import replace

from bot.domain.life import What
from bot.domain.ticket import Ticket, TicketState
from bot.errors import Refusal
from bot.usecases.clock import set_clocks
from bot.usecases.desk import Desk, NoSuchTicket, staff_member, ticket_by_key


async def withdraw(desk: Desk, key: str, actor: str, channel_id: str) -> Ticket:
    """The client takes it back, on the card in its own channel. "Not counted: withdrawn before
    the first response"; once it has been answered it counts."""
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if await desk.work.staff.get(actor) is not None:
        raise Refusal(
            f"Only the client withdraws {ticket.key}. If it is no request, press *Not a ticket* in"
            " the menu of its card in triage."
        )
    return await _cancel(desk, ticket, actor, TicketState.WITHDRAWN)


async def dismiss(desk: Desk, key: str, actor: str) -> Ticket:
    """Staff say that it was no ticket: it counts for nothing. What was answered was one."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.first_response_at is not None:
        raise Refusal(f"{ticket.key} has been answered, so it is a ticket: resolve it instead.")
    return await _cancel(desk, ticket, actor, TicketState.DISMISSED)


async def _cancel(desk: Desk, ticket: Ticket, actor: str, state: TicketState) -> Ticket:
    """ "Closed without an answer by the client's own withdrawal = cancelled, outside the metrics."
    What was late already stays late."""
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state} already.")
    # Slack's clock gives the answer's time and ours this: what we know of was answered before.
    at = max(desk.now, ticket.first_response_at or desk.now)
    ended = replace(ticket, state=state, resolved_at=at, waiting_since=None, snoozed_until=None)
    how = {"how": state.value}
    after = await desk.change(ticket, ended, actor, What.CANCELLED.value, besides=how)
    await set_clocks(desk, after)
    return after
