"""The category of a ticket, and whether a fault of the vendor caused it."""

from dataclasses import replace

from bot.domain.ids import UserId
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Categorised
from bot.domain.tickets.messages import NotCoveredNote
from bot.domain.tickets.refusals import NoSuchCategory
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk, to_client


async def categorise(desk: Desk, key: str, actor: UserId, category: str) -> Ticket:
    """Set the ticket's category, from those of its plan. Staff only.

    A ticket in a category that is not covered ("billed separately as services") does not count, and
    the client is told so. Its clocks continue, since a response is due all the same. Raises Refusal
    if the plan has no such category.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    plan = await desk.plan_of(ticket)
    if category not in (known := [kind.id for kind in plan.categories]):
        raise NoSuchCategory(plan.name, category, tuple(known))
    if category == ticket.category:
        return ticket
    after = await desk.change(ticket, replace(ticket, category=category), by, Categorised)
    if not plan.covers_kind(category) and after.channel_id is not None:
        key, note = f"not-covered:{after.id}:{category}", NotCoveredNote(after.id)
        await desk.work.outbox.say(to_client(after, key, note, after.channel_id))
    return after
