"""Who has a ticket."""

from dataclasses import replace

from bot.clock import ts_of
from bot.domain.ticket import Ticket
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.desk import Desk, staff_member, ticket_by_key


async def take(desk: Desk, key: str, actor: str) -> Ticket:
    """Put a ticket that nobody has on the actor. Of two who press at once the second is told who
    was first."""
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
    return await _give(desk, ticket, actor, actor, "taken")


async def take_over(desk: Desk, key: str, actor: str, has_it: str) -> Ticket:
    """Take a ticket from whom the card shows as having it (`has_it`); they are told."""
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
    return await _give(desk, ticket, actor, actor, "taken")


async def assign(desk: Desk, key: str, actor: str, to: str) -> Ticket:
    """Put a ticket on anyone on staff. Whoever gets it, and whoever had it, is told."""
    await staff_member(desk, actor)
    if await desk.work.staff.get(to) is None:
        raise Refusal(
            f"{mentioned(to)} is not on the support team: choose somebody who is.", mentions=(to,)
        )
    ticket = await _open_ticket(desk, key, "assign it")
    if ticket.assignee == to:
        return ticket
    return await _give(desk, ticket, actor, to, "assigned")


async def _open_ticket(desk: Desk, key: str, then: str) -> Ticket:
    ticket = await ticket_by_key(desk, key)
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state}: reopen it first, then {then}.")
    return ticket


async def _give(desk: Desk, ticket: Ticket, actor: str, to: str, kind: str) -> Ticket:
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
    """A person in a sentence that is told to one member of staff."""
    return f"<@{user_id}>"
