"""Reopen a resolved ticket."""

from dataclasses import replace
from datetime import datetime

from bot.domain.actor import Person
from bot.domain.ids import ChannelId, UserId
from bot.domain.ticket import Ticket, TicketState
from bot.domain.ticket_events import Reopened
from bot.domain.tickets.messages import ReopenedNote
from bot.domain.tickets.refusals import MergedTicketContinues, NoSuchTicket, TicketOpenAlready
from bot.usecases.access import person, staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks
from bot.usecases.tickets.closing.merge import unmerge
from bot.usecases.tickets.closing.resolve import post_in_threads


async def reopen(desk: Desk, key: str, actor: UserId) -> Ticket:
    """Reopen a ticket, or undo its merge. Staff only. "Reopening starts no second
    first_response"."""
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if ticket.state is TicketState.MERGED:
        return await unmerge(desk, ticket, by)
    return await _reopen(desk, ticket, by)


async def not_solved(desk: Desk, key: str, actor: UserId, channel_id: ChannelId) -> Ticket:
    """Reopen a ticket for its client, on the card in the ticket's own channel.

    Raises NoSuchTicket for another channel, and Refusal for a merged ticket.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if ticket.merged_into:
        raise MergedTicketContinues(key, ticket.merged_into)
    return await _reopen(desk, ticket, await person(desk, actor))


async def reopen_by_client(desk: Desk, ticket: Ticket, actor: Person, at: datetime) -> Ticket:
    """Reopen a ticket because its client wrote in its thread, at `at` (the message's `ts`)."""
    return await _reopen(desk, ticket, actor, at)


async def _reopen(desk: Desk, ticket: Ticket, actor: Person, at: datetime | None = None) -> Ticket:
    """Reopen a closed ticket: clear its resolution and rating, and recompute its clocks."""
    if ticket.is_open:
        raise TicketOpenAlready(ticket.key)
    again = replace(ticket, state=TicketState.OPEN, resolved_at=None, resolution=None, rating=None)
    after = await desk.change(ticket, again, actor, Reopened, at=at)
    await recompute_clocks(desk, after)
    await post_in_threads(desk, after, ReopenedNote(after.id))
    return after
