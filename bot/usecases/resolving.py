"""Resolving and reopening tickets."""

from dataclasses import replace
from datetime import datetime

from bot.clock import ts_of
from bot.domain.ticket import Ticket, TicketState
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.clock import set_clocks, staff_wrote
from bot.usecases.desk import (
    Desk,
    NoSuchTicket,
    check_length,
    staff_member,
    ticket_by_key,
    to_client,
)
from bot.usecases.discretion import check_discreet
from bot.usecases.merging import parts_of, unmerge
from bot.usecases.triage import decide_severity


async def resolve(
    desk: Desk, key: str, actor: str, what_was_done: str, severity: str | None = None
) -> Ticket:
    """Resolve the ticket with words for the client. Staff only.

    The severity must be set by then, since the first response is judged by it. If nobody has
    answered yet, the words are the first response once the client sees them; without a channel they
    count at once. Raises Refusal if the words or the severity are missing.
    """
    await staff_member(desk, actor)
    if severity is not None:
        await decide_severity(desk, key, actor, severity)
    ticket = await ticket_by_key(desk, key)
    _check_resolvable(ticket, what_was_done)
    check_length(what_was_done)
    await check_discreet(desk, ticket, what_was_done)
    ended = replace(
        ticket,
        state=TicketState.RESOLVED,
        resolved_at=desk.now,
        resolution=what_was_done.strip(),
        waiting_since=None,
        snoozed_until=None,
    )
    after = await desk.change(ticket, ended, actor, "resolved")
    await set_clocks(desk, after)
    await _post_in_threads(desk, after, "resolution", actor)
    if after.assignee not in {None, actor}:
        await _notify_assignee(desk, after, actor)
    if after.channel_id is None and after.first_response_at is None:
        await staff_wrote(desk, after, actor, desk.now)
    return after


async def _notify_assignee(desk: Desk, ticket: Ticket, actor: str) -> None:
    """Notify the assignee that somebody else resolved the ticket, since they may be about to
    answer."""
    key = f"ended:{ticket.id}:{ts_of(desk.now)}"
    message = Outgoing(key, "ended", str(ticket.assignee), ticket_id=ticket.id, facts={"by": actor})
    await desk.work.outbox.say(message)


def _check_resolvable(ticket: Ticket, what_was_done: str) -> None:
    """Raise Refusal if the ticket is closed, has no severity, or `what_was_done` is empty."""
    if not ticket.is_open:
        raise Refusal(
            f"{ticket.key} is {ticket.state} already: reopen it first to change what was done."
        )
    if ticket.severity is None:
        raise Refusal(f"{ticket.key} has no severity yet: choose one, then resolve it.")
    if not what_was_done.strip():
        raise Refusal("Say in a few words what was done: the client reads it.")


async def reopen(desk: Desk, key: str, actor: str) -> Ticket:
    """Reopen a ticket, or undo its merge. Staff only. "Reopening starts no second
    first_response"."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.state is TicketState.MERGED:
        return await unmerge(desk, ticket, actor)
    return await _reopen(desk, ticket, actor)


async def not_solved(desk: Desk, key: str, actor: str, channel_id: str) -> Ticket:
    """Reopen a ticket for its client, on the card in the ticket's own channel.

    Raises NoSuchTicket for another channel, and Refusal for a merged ticket.
    """
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if ticket.merged_into:
        raise Refusal(
            f"{key} goes on as {ticket.merged_into}: write what is missing in its thread."
        )
    return await _reopen(desk, ticket, actor)


async def reopen_by_client(desk: Desk, ticket: Ticket, actor: str, at: datetime) -> Ticket:
    """Reopen a ticket because its client wrote in its thread, at `at` (the message's `ts`)."""
    return await _reopen(desk, ticket, actor, at)


async def _reopen(desk: Desk, ticket: Ticket, actor: str, at: datetime | None = None) -> Ticket:
    """Reopen a closed ticket: clear its resolution and rating, and recompute its clocks."""
    if ticket.is_open:
        raise Refusal(f"{ticket.key} is open already.")
    again = replace(ticket, state=TicketState.OPEN, resolved_at=None, resolution="", rating=None)
    after = await desk.change(ticket, again, actor, "reopened", at=at)
    await set_clocks(desk, after)
    await _post_in_threads(desk, after, "reopened", actor)
    return after


async def _post_in_threads(desk: Desk, ticket: Ticket, kind: str, actor: str) -> None:
    """Post in the client's thread that the ticket was resolved or reopened.

    The threads of the tickets merged into it get the same message.
    """
    for part in [ticket, *await parts_of(desk, ticket)]:
        if part.channel_id is not None:
            suffix = f":{part.id}" if part.id != ticket.id else ""
            key = f"{kind}:{ticket.id}:{ts_of(desk.now)}{suffix}"
            message = to_client(part, key, kind, part.channel_id, by=actor)
            await desk.work.outbox.say(replace(message, ticket_id=ticket.id))
