"""Messages by staff and by clients in a ticket's conversation."""

from dataclasses import replace
from datetime import datetime

from bot.domain.sla.clocks.measured_spans import ClockEventKind
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Event
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import recompute_clocks
from bot.usecases.tickets.handling.snooze import awake


async def staff_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """Record a staff message that the client can see, sent at `at` (its Slack `ts`).

    Return whether it is the first response. A message that reaches us late takes its place by `at`,
    so it can replace a later first response. The first response assigns an unassigned ticket to its
    author.
    """
    await desk.work.history.append([Event(ticket.id, at, by, ClockEventKind.STAFF_WROTE.value)])
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        has_it = ticket.assignee or by  # answering an unassigned ticket takes it
        after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
        after = replace(after, taken=after.taken or has_it == by)
        await recompute_clocks(desk, await desk.change(ticket, after, by, "first_response", at=at))
    elif (await desk.plan_of(ticket)).further:
        await recompute_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return first


async def client_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> Ticket:
    """Record a client message that is more than thanks, sent at `at`, and return the ticket.

    The message ends waiting on the client and ends a snooze.
    """
    await desk.work.history.append([Event(ticket.id, at, by, ClockEventKind.CLIENT_WROTE.value)])
    if ticket.waiting_since is not None and ticket.waiting_since <= at:
        after = replace(ticket, waiting_since=None)
        ticket = await desk.change(ticket, after, by, "no_longer_waiting", at=at)
    ticket = await awake(desk, ticket, by, at)
    if (await desk.plan_of(ticket)).further:
        await recompute_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return ticket
