"""What kind of work a ticket is, and whether the plan pays for it."""

from dataclasses import replace

from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.errors import Refusal
from bot.usecases.desk import Desk, check_length, staff_member, ticket_by_key, to_client


async def categorise(desk: Desk, key: str, actor: str, category: str) -> Ticket:
    """Say which of its plan's kinds of work a ticket is. Of a kind that is not covered ("billed
    separately as services") it counts for nothing, and the client is told what to do. Its clocks
    run on: an answer is owed all the same."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    plan = await desk.plan_of(ticket)
    if category not in (known := [one.id for one in plan.categories]):
        raise Refusal(f"{plan.name} has no kind of work “{category}”: choose {', '.join(known)}.")
    if category == ticket.category:
        return ticket
    after = await desk.change(ticket, replace(ticket, category=category), actor, "categorised")
    if not plan.covers_kind(category) and after.channel_id is not None:
        key = f"not-covered:{after.id}:{category}"
        await desk.work.outbox.say(to_client(after, key, "not_covered", after.channel_id))
    return after


async def own_fault(desk: Desk, key: str, actor: str, why: str) -> Ticket:
    """Say why it was the vendor's own fault; it then counts for nothing. "" takes that back. Only
    staff read why."""
    await staff_member(desk, actor)
    check_length(why, FAULT_LENGTH)
    ticket = await ticket_by_key(desk, key)
    if why.strip() == ticket.fault:
        return ticket
    return await desk.change(ticket, replace(ticket, fault=why.strip()), actor, "own_fault")
