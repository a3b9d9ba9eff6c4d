"""Two tickets about one thing: one goes on as part of the other. Both histories are kept."""

from collections.abc import Sequence
from dataclasses import replace

from bot.clock import ts_of
from bot.domain.sheet import TicketSheet
from bot.domain.ticket import Ticket, TicketState
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.clock import set_clocks
from bot.usecases.desk import Desk, staff_member, ticket_by_key, to_client, triage_card_key
from bot.usecases.listing import open_sheets
from bot.usecases.moments import MERGED, UNMERGED
from bot.usecases.reading import sheet_of


async def merge(desk: Desk, key: str, actor: str, into: str) -> Ticket:
    """Let a ticket go on as part of another of the same client. Its clocks stop, so what it is owed
    must be owed by the other as soon: no merge makes anybody wait longer than was promised."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state} already.")
    target = await _target(desk, ticket, into)
    owed, owes = [await sheet_of(desk, one) for one in (ticket, target)]
    _check_owed_as_soon(owed, owes)
    ended = replace(
        ticket,
        state=TicketState.MERGED,
        merged_into=target.key,
        resolved_at=desk.now,
        waiting_since=None,
        snoozed_until=None,
    )
    after = await desk.change(ticket, ended, actor, MERGED)
    await set_clocks(desk, after)
    await desk.note(target, actor, "joined", key=ticket.key)
    await _tell(desk, after, target, actor)
    return after


async def _target(desk: Desk, ticket: Ticket, into: str) -> Ticket:
    """Read only if it is the same client's: a merge holds one client and no second."""
    client = ticket.key.rpartition("-")[0]
    if into.upper().rpartition("-")[0] != client:
        raise Refusal(
            f"{ticket.key} goes into a ticket of the same client: choose one of {client}."
        )
    target = await ticket_by_key(desk, into)
    if target.id == ticket.id:
        raise Refusal(f"{ticket.key} is that ticket: choose another to merge it into.")
    if not target.is_open:
        goes_on = f"merged into {target.merged_into}" if target.merged_into else target.state
        raise Refusal(f"{target.key} is {goes_on}: choose an open ticket to merge into.")
    return target


def _check_owed_as_soon(owed: TicketSheet, owes: TicketSheet) -> None:
    due, other = owed.next_due, owes.next_due
    if due is not None and (other is None or other > due):
        raise Refusal(
            f"{owed.ticket.key} is due sooner than {owes.ticket.key}, and nobody may wait longer"
            " for a merge: answer it first, or merge the other way round."
        )


async def _tell(desk: Desk, ticket: Ticket, target: Ticket, actor: str) -> None:
    """The client in the thread that goes on elsewhere, and staff under the card of the target."""
    name = f"{ticket.id}:{target.id}:{ts_of(desk.now)}"
    if ticket.channel_id is not None:
        told = to_client(ticket, f"merged:{name}", "merged", ticket.channel_id)
        await desk.work.outbox.say(told)
    joined = Outgoing(
        f"joined:{name}",
        "joined",
        desk.places.triage_channel,
        under=triage_card_key(target),
        ticket_id=ticket.id,
        facts={"by": actor},
    )
    await desk.work.outbox.say(joined)


async def unmerge(desk: Desk, ticket: Ticket, actor: str) -> Ticket:
    """It is a ticket of its own again, and its clocks are what they would be without the merge."""
    alone = replace(ticket, state=TicketState.OPEN, merged_into=None, resolved_at=None)
    after = await desk.change(ticket, alone, actor, UNMERGED)
    await set_clocks(desk, after)
    return after


async def parts_of(desk: Desk, ticket: Ticket) -> list[Ticket]:
    """The tickets that go on as part of it, and those that go on as part of these."""
    parts: list[Ticket] = []
    for one in await desk.work.tickets.merged_into(ticket.key):
        parts += [one, *await parts_of(desk, one)]
    return parts


async def to_merge_into(desk: Desk, sheet: TicketSheet) -> Sequence[TicketSheet]:
    """The client's other open tickets. Raises Refusal where there is none."""
    others = [
        one for one in await open_sheets(desk, sheet.client) if one.ticket.id != sheet.ticket.id
    ]
    if not others:
        raise Refusal(f"{sheet.client.name} has no other open ticket to merge it into.")
    return others
