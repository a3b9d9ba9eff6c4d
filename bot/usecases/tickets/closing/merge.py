"""Merging a ticket into another of the same client. Both histories are kept."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.actor import Staff
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket, TicketState
from bot.domain.ticket_events import Joined, Merged, Unmerged
from bot.domain.tickets.messages import JoinedNote, MergedNote
from bot.domain.tickets.refusals import (
    Action,
    AnotherClientsTarget,
    DueSooner,
    MergedIntoItself,
    MergeTargetClosed,
    NothingToMergeInto,
    TicketNotOpen,
)
from bot.domain.tickets.ticket_view import TicketView
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk, to_client
from bot.usecases.sla.clocks import recompute_clocks
from bot.usecases.tickets.open_tickets import open_ticket_views
from bot.usecases.tickets.ticket_views import view_ticket


async def merge(desk: Desk, key: str, actor: UserId, into: str) -> Ticket:
    """Merge a ticket into another of the same client; it continues as part of that ticket.

    Its clocks stop, so the target must be due at least as soon: a merge never postpones a deadline.
    Raises Refusal if the target is due later, closed or another client's.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.MERGE)
    target = await _target(desk, ticket, into)
    _check_due_as_soon(await view_ticket(desk, ticket), await view_ticket(desk, target))
    ended = replace(
        ticket,
        state=TicketState.MERGED,
        merged_into=target.key,
        resolved_at=desk.now,
        waiting_since=None,
        snoozed_until=None,
    )
    after = await desk.change(ticket, ended, by, Merged)
    await recompute_clocks(desk, after)
    await desk.note(target, by, Joined(ticket.key))
    await _announce_merge(desk, after, target, actor)
    return after


async def _target(desk: Desk, ticket: Ticket, into: str) -> Ticket:
    """Return the ticket `into` which to merge. Raises Refusal if it does not qualify.

    The client is checked by the key before the target is read, so that a merge never locks the
    tickets of two clients.
    """
    client = ticket.key.rpartition("-")[0]
    if into.upper().rpartition("-")[0] != client:
        raise AnotherClientsTarget(ticket.key, client)
    target = await ticket_by_key(desk, into)
    if target.id == ticket.id:
        raise MergedIntoItself(ticket.key)
    if not target.is_open:
        raise MergeTargetClosed(target.key, target.state, target.merged_into)
    return target


def _check_due_as_soon(merged: TicketView, target: TicketView) -> None:
    """Raise Refusal if the merged ticket is due before the target."""
    due, other = merged.next_due, target.next_due
    if due is not None and (other is None or other > due):
        raise DueSooner(merged.ticket.key, target.ticket.key)


async def _announce_merge(desk: Desk, ticket: Ticket, target: Ticket, actor: UserId) -> None:
    """Tell the client in the merged ticket's thread, and staff under the target's triage card."""
    name, ticket_id = f"{ticket.id}:{target.id}:{MessageTs.at(desk.now)}", ticket.id
    if ticket.channel_id is not None:
        message = to_client(ticket, f"merged:{name}", MergedNote(ticket_id), ticket.channel_id)
        await desk.work.outbox.say(message)
    thread, joined = desk.places.under_triage_card(target), JoinedNote(ticket_id, actor)
    await desk.work.outbox.say(Outgoing(f"joined:{name}", thread, joined))


async def unmerge(desk: Desk, ticket: Ticket, actor: Staff) -> Ticket:
    """Undo a merge: reopen the ticket, with the clocks that it would have without the merge."""
    alone = replace(ticket, state=TicketState.OPEN, merged_into=None, resolved_at=None)
    after = await desk.change(ticket, alone, actor, Unmerged)
    await recompute_clocks(desk, after)
    return after


async def parts_of(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """Return the tickets merged into this ticket, directly or through others."""
    parts: list[Ticket] = []
    for part in await desk.work.tickets.merged_into(ticket.key):
        parts += [part, *await parts_of(desk, part)]
    return parts


async def to_merge_into(desk: Desk, ticket_view: TicketView) -> Sequence[TicketView]:
    """Return the client's other open tickets. Raises Refusal if there are none."""
    others = [
        other
        for other in await open_ticket_views(desk, ticket_view.client)
        if other.ticket.id != ticket_view.ticket.id
    ]
    if not others:
        raise NothingToMergeInto(ticket_view.client.name)
    return others
