"""The end of a ticket, and its coming back."""

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
    """Resolve with words for the client; raises Refusal with what is missing.

    The severity must be known by then, for the promise to be judged. The words are a person's
    and the client sees them: where nobody had answered yet, they are the first response.
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
    await _note(desk, after, "resolution", actor)
    if after.assignee not in {None, actor}:
        await _tell_who_has_it(desk, after, actor)
    if after.channel_id is None and after.first_response_at is None:
        await staff_wrote(desk, after, actor, desk.now)
    return after


async def _tell_who_has_it(desk: Desk, ticket: Ticket, actor: str) -> None:
    """Somebody else has resolved it, perhaps while they were about to answer."""
    key = f"ended:{ticket.id}:{ts_of(desk.now)}"
    said = Outgoing(key, "ended", str(ticket.assignee), ticket_id=ticket.id, facts={"by": actor})
    await desk.work.outbox.say(said)


def _check_resolvable(ticket: Ticket, what_was_done: str) -> None:
    if not ticket.is_open:
        raise Refusal(
            f"{ticket.key} is {ticket.state} already: reopen it first to change what was done."
        )
    if ticket.severity is None:
        raise Refusal(f"{ticket.key} has no severity yet: choose one, then resolve it.")
    if not what_was_done.strip():
        raise Refusal("Say in a few words what was done: the client reads it.")


async def reopen(desk: Desk, key: str, actor: str) -> Ticket:
    """Staff take a ticket up again. "Reopening starts no second first_response"."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.state is TicketState.MERGED:
        return await unmerge(desk, ticket, actor)
    return await _reopen(desk, ticket, actor)


async def not_solved(desk: Desk, key: str, actor: str, channel_id: str) -> Ticket:
    """The client says on the card that it is not solved; only in the ticket's own channel."""
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id != channel_id:
        raise NoSuchTicket(key)
    if ticket.merged_into:
        raise Refusal(
            f"{key} goes on as {ticket.merged_into}: write what is missing in its thread."
        )
    return await _reopen(desk, ticket, actor)


async def reopen_by_client(desk: Desk, ticket: Ticket, actor: str, at: datetime) -> Ticket:
    """The client writes again in the thread of a resolved ticket, at the `ts` of the message."""
    return await _reopen(desk, ticket, actor, at)


async def _reopen(desk: Desk, ticket: Ticket, actor: str, at: datetime | None = None) -> Ticket:
    if ticket.is_open:
        raise Refusal(f"{ticket.key} is open already.")
    again = replace(ticket, state=TicketState.OPEN, resolved_at=None, resolution="", rating=None)
    after = await desk.change(ticket, again, actor, "reopened", at=at)
    await set_clocks(desk, after)
    await _note(desk, after, "reopened", actor)
    return after


async def _note(desk: Desk, ticket: Ticket, kind: str, actor: str) -> None:
    """Say in the client's thread that the ticket was resolved or taken up again; in those of the
    tickets that go on as part of it, too."""
    for one in [ticket, *await parts_of(desk, ticket)]:
        if one.channel_id is not None:
            part = f":{one.id}" if one.id != ticket.id else ""
            key = f"{kind}:{ticket.id}:{ts_of(desk.now)}{part}"
            said = to_client(one, key, kind, one.channel_id, by=actor)
            await desk.work.outbox.say(replace(said, ticket_id=ticket.id))
