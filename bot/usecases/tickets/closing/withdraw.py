"""Cancelling a ticket: its client withdraws it, or staff dismiss it as no ticket."""

from dataclasses import replace

from bot.domain.actor import ClientPerson, Person
from bot.domain.ids import ChannelId, UserId
from bot.domain.ticket import Ticket, TicketState
from bot.domain.ticket_events import Cancelled
from bot.domain.tickets.refusals import Action, NoSuchTicket, OnlyTheClientWithdraws, TicketNotOpen
from bot.usecases.access import ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks


async def withdraw(desk: Desk, key: str, actor: UserId, channel_id: ChannelId) -> Ticket:
    """Withdraw a ticket for its client, on the card in the client's channel.

    "Not counted: withdrawn before the first response"; after a response it counts. Raises
    NoSuchTicket for another channel and Refusal for staff.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if await desk.work.staff.get(actor) is not None:
        raise OnlyTheClientWithdraws(ticket.key)
    return await _cancel(desk, ticket, ClientPerson(actor), TicketState.WITHDRAWN)


async def _cancel(desk: Desk, ticket: Ticket, actor: Person, state: TicketState) -> Ticket:
    """End the ticket in `state` and stop its clocks; recorded breaches stay.

    "Closed without an answer by the client's own withdrawal = cancelled, outside the metrics."
    """
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.CANCEL)
    # Slack's clock gives the time of the answer and ours the time of the end: a known answer
    # always comes first.
    at = max(desk.now, ticket.first_response_at or desk.now)
    ended_message = replace(
        ticket, state=state, resolved_at=at, waiting_since=None, snoozed_until=None
    )
    after = await desk.change(
        ticket, ended_message, actor, lambda changes: Cancelled(changes, state)
    )
    await recompute_clocks(desk, after)
    return after
