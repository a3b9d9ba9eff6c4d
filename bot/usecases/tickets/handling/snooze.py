"""Snoozing: a ticket is hidden from its assignee's queue until a given time.

Its clocks and their pings continue, and a ticket that is at risk or overdue is shown all the same.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.actor import Actor, System, user_id_of
from bot.domain.destinations import Direct
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.sla.refusals import TimeOutOfRange
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Snoozed, Woken
from bot.domain.tickets.messages import TicketWoken
from bot.domain.tickets.refusals import Action, TicketNotOpen
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk

LONGEST = timedelta(days=366)


async def snooze(desk: Desk, key: str, actor: UserId, until: datetime | None) -> Ticket:
    """Snooze the ticket `until` an instant (aware, UTC); None ends the snooze. Staff only.

    Raises Refusal if the ticket is closed, and NoSuchTime if the instant is past or over a year
    away.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if until is None:
        return await awake(desk, ticket, by)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.SNOOZE)
    if not desk.now < until <= desk.now + LONGEST:
        raise TimeOutOfRange
    await desk.work.timers.arm_snooze(ticket.id, until)
    return await desk.change(ticket, replace(ticket, snoozed_until=until), by, Snoozed)


async def awake(desk: Desk, ticket: Ticket, actor: Actor, at: datetime | None = None) -> Ticket:
    """End the ticket's snooze, as of `at` (default: now); without a snooze nothing changes."""
    if ticket.snoozed_until is None:
        return ticket
    await desk.work.timers.cancel_snooze(ticket.id)
    return await desk.change(ticket, replace(ticket, snoozed_until=None), actor, Woken, at=at)


async def wake_up(desk: Desk, ticket: Ticket) -> None:
    """End a snooze whose time has passed, and remind the assignee or the person who snoozed the
    ticket."""
    until = ticket.snoozed_until
    if until is None or until > desk.now:
        return
    after = await awake(desk, ticket, System(), at=until)
    history = await desk.work.history.of(ticket.id)
    snoozed_by = [past.actor for past in history if isinstance(past.event, Snoozed)]
    reader = ticket.assignee or user_id_of(snoozed_by[-1])
    if after.is_open and reader and await desk.work.staff.get(reader) is not None:
        key = f"woken:{ticket.id}:{int(until.timestamp())}"
        await desk.work.outbox.say(Outgoing(key, Direct(reader), TicketWoken(ticket.id)))
