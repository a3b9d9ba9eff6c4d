"""Messages by staff and by clients in a ticket's conversation."""

from dataclasses import replace
from datetime import datetime

from bot.domain.actor import ClientPerson, Staff
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import ClientWrote, FirstResponse, NoLongerWaiting, StaffWrote
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks
from bot.usecases.tickets.handling.snooze import awake


async def staff_wrote(desk: Desk, ticket: Ticket, by: Staff, at: datetime) -> bool:
    """Record a staff message that the client can see, sent at `at` (its Slack `ts`).

    Return whether it is the first response. A message that reaches us late takes its place by `at`,
    so it can replace a later first response. The first response assigns an unassigned ticket to its
    author.
    """
    await desk.note(ticket, by, StaffWrote(), at=at)
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        author = by.user_id
        has_it = ticket.assignee or author  # answering an unassigned ticket takes it
        after = replace(ticket, first_response_at=at, first_response_by=author, assignee=has_it)
        after = replace(after, taken=after.taken or has_it == author)
        await recompute_clocks(desk, await desk.change(ticket, after, by, FirstResponse, at=at))
    elif (await desk.plan_of(ticket)).further:
        await recompute_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return first


async def client_wrote(desk: Desk, ticket: Ticket, by: ClientPerson, at: datetime) -> Ticket:
    """Record a client message that is more than thanks, sent at `at`, and return the ticket.

    The message ends waiting on the client and ends a snooze.
    """
    await desk.note(ticket, by, ClientWrote(), at=at)
    if ticket.waiting_since is not None and ticket.waiting_since <= at:
        after = replace(ticket, waiting_since=None)
        ticket = await desk.change(ticket, after, by, NoLongerWaiting, at=at)
    ticket = await awake(desk, ticket, by, at)
    if (await desk.plan_of(ticket)).further:
        await recompute_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return ticket
