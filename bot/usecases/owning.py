"""Assigning tickets."""

from dataclasses import replace

from bot.clock import ts_of
from bot.domain.ticket import Ticket
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.desk import Desk, staff_member, ticket_by_key


async def take(desk: Desk, key: str, actor: str) -> Ticket:
    """Assign an unassigned ticket to the actor. Staff only.

    Raises Refusal if somebody else has it: of two who press at once, the second learns who was
    first.
    """
    await staff_member(desk, actor)
    ticket = await _open_ticket(desk, key, "take it")
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee is not None:
        raise Refusal(
            f"{mentioned(ticket.assignee)} has {ticket.key}: press *Take over* on its card if it"
            " should be yours.",
            mentions=(ticket.assignee,),
        )
    return await _assign(desk, ticket, actor, actor, "taken")


async def take_over(desk: Desk, key: str, actor: str, has_it: str) -> Ticket:
    """Assign to the actor a ticket that the card shows as `has_it`'s, and notify them. Staff only.

    Raises Refusal if the assignee has changed since.
    """
    await staff_member(desk, actor)
    ticket = await _open_ticket(desk, key, "take it")
    if ticket.assignee == actor:
        return ticket
    if ticket.assignee != has_it:
        now_has_it = mentioned(ticket.assignee) if ticket.assignee else "nobody"
        raise Refusal(
            f"{ticket.key} has changed hands: {now_has_it} has it now.",
            mentions=(ticket.assignee,) if ticket.assignee else (),
        )
    return await _assign(desk, ticket, actor, actor, "taken")


async def assign(desk: Desk, key: str, actor: str, to: str) -> Ticket:
    """Assign a ticket to a staff member; the new and the former assignee are notified. Staff
    only."""
    await staff_member(desk, actor)
    if await desk.work.staff.get(to) is None:
        raise Refusal(
            f"{mentioned(to)} is not on the support team: choose somebody who is.", mentions=(to,)
        )
    ticket = await _open_ticket(desk, key, "assign it")
    if ticket.assignee == to:
        return ticket
    return await _assign(desk, ticket, actor, to, "assigned")


async def _open_ticket(desk: Desk, key: str, then: str) -> Ticket:
    """Return the open ticket with this key. Raises Refusal, which advises to reopen it and `then`
    retry."""
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state}: reopen it first, then {then}.")
    return ticket


async def _assign(desk: Desk, ticket: Ticket, actor: str, to: str, kind: str) -> Ticket:
    """Assign the ticket to `to`, and notify both people unless they are the actor."""
    after = replace(ticket, assignee=to, taken=to == actor)
    after = await desk.change(ticket, after, actor, kind)
    for person in {to, ticket.assignee} - {actor, None}:
        await desk.work.outbox.say(
            Outgoing(
                f"handed:{ticket.id}:{actor}:{to}:{ts_of(desk.now)}:{person}",
                "handed",
                str(person),
                ticket_id=ticket.id,
                facts={"by": actor, "to": to, "reader": person},
            )
        )
    return after


def mentioned(user_id: str) -> str:
    """Return a mention of a person, for a sentence shown to a single staff member."""
    return f"<@{user_id}>"
