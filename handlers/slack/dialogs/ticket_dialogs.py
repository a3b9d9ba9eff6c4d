"""The dialogs about a ticket, by button and menu choice."""

from collections.abc import Awaitable, Callable

from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import computed_clocks
from bot.usecases.tickets.closing.merge import to_merge_into
from bot.usecases.tickets.triage.cause import told
from bot.views import ids
from bot.views.sla.explanation import why_modal
from bot.views.tickets.closing import merge, resolve
from bot.views.tickets.handling import assign, note, reply, snooze
from bot.views.tickets.triage import category, severity
from bot.views.tickets.triage.cause import cause_modal

Dialog = Callable[[Desk, TicketView], Awaitable[Json]]


async def _assign(_: Desk, ticket_view: TicketView) -> Json:
    return assign.assign_modal(ticket_view.ticket.key, ticket_view.ticket.assignee)


async def _note(_: Desk, ticket_view: TicketView) -> Json:
    return note.note_modal(ticket_view.ticket.key)


async def _severity(_: Desk, ticket_view: TicketView) -> Json:
    severities = [promise.severity for promise in ticket_view.plan.promises]
    return severity.severity_modal(ticket_view.ticket.key, severities)


async def _resolve(_: Desk, ticket_view: TicketView) -> Json:
    severities = [promise.severity for promise in ticket_view.plan.promises]
    needed = ticket_view.ticket.severity is None
    return resolve.resolve_modal(ticket_view.ticket.key, severities, severity_needed=needed)


async def _reply(_: Desk, ticket_view: TicketView) -> Json:
    return reply.reply_modal(
        ticket_view.ticket.key, by_slack=ticket_view.ticket.channel_id is not None
    )


async def _category(_: Desk, ticket_view: TicketView) -> Json:
    ticket = ticket_view.ticket
    return category.category_modal(
        ticket.key, ticket_view.plan.categories, ticket.category, ticket.fault
    )


async def _merge(desk: Desk, ticket_view: TicketView) -> Json:
    others = [target.ticket for target in await to_merge_into(desk, ticket_view)]
    return merge.merge_modal(
        ticket_view.ticket.key, [(target.key, target.summary) for target in others]
    )


async def _snooze(desk: Desk, ticket_view: TicketView) -> Json:
    return snooze.snooze_modal(ticket_view.ticket.key, desk.now)


async def _why(desk: Desk, ticket_view: TicketView) -> Json:
    return why_modal(ticket_view, await computed_clocks(desk, ticket_view.ticket))


async def _late_why(desk: Desk, ticket_view: TicketView) -> Json:
    story = await told(desk, ticket_view.ticket)
    return cause_modal(story.ticket_view, story.passages)


OF_BUTTON: dict[str, Dialog] = {
    ids.ASSIGN: _assign,
    ids.NOTE: _note,
    ids.CATEGORY: _category,
    ids.LATE_WHY: _late_why,
    ids.MERGE: _merge,
    ids.REPLY: _reply,
    ids.RESOLVE: _resolve,
}
OF_CHOICE: dict[str, Dialog] = {
    ids.ASSIGN: _assign,
    ids.SEVERITY_ANEW: _severity,
    ids.SNOOZE: _snooze,
    ids.WHY: _why,
}
