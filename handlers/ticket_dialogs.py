"""Which dialog a button or a choice opens about a ticket."""

from collections.abc import Awaitable, Callable

from bot.domain.sheet import TicketSheet
from bot.ports import Json
from bot.usecases.causes import told
from bot.usecases.desk import Desk
from bot.usecases.merging import to_merge_into
from bot.views import ids, ticket_modals
from bot.views.cause import cause_modal
from bot.views.why import why_modal

Dialog = Callable[[Desk, TicketSheet], Awaitable[Json]]


async def _assign(_: Desk, sheet: TicketSheet) -> Json:
    return ticket_modals.assign_modal(sheet.ticket.key, sheet.ticket.assignee)


async def _note(_: Desk, sheet: TicketSheet) -> Json:
    return ticket_modals.note_modal(sheet.ticket.key)


async def _severity(_: Desk, sheet: TicketSheet) -> Json:
    severities = [promise.severity for promise in sheet.plan.promises]
    return ticket_modals.severity_modal(sheet.ticket.key, severities)


async def _resolve(_: Desk, sheet: TicketSheet) -> Json:
    severities = [promise.severity for promise in sheet.plan.promises]
    needed = sheet.ticket.severity is None
    return ticket_modals.resolve_modal(sheet.ticket.key, severities, severity_needed=needed)


async def _reply(_: Desk, sheet: TicketSheet) -> Json:
    return ticket_modals.reply_modal(sheet.ticket.key, by_slack=sheet.ticket.channel_id is not None)


async def _category(_: Desk, sheet: TicketSheet) -> Json:
    ticket = sheet.ticket
    return ticket_modals.category_modal(
        ticket.key, sheet.plan.categories, ticket.category, ticket.fault
    )


async def _merge(desk: Desk, sheet: TicketSheet) -> Json:
    others = [one.ticket for one in await to_merge_into(desk, sheet)]
    return ticket_modals.merge_modal(sheet.ticket.key, [(one.key, one.summary) for one in others])


async def _snooze(desk: Desk, sheet: TicketSheet) -> Json:
    return ticket_modals.snooze_modal(sheet.ticket.key, desk.now)


async def _why(_: Desk, sheet: TicketSheet) -> Json:
    return why_modal(sheet)


async def _late_why(desk: Desk, sheet: TicketSheet) -> Json:
    story = await told(desk, sheet.ticket)
    return cause_modal(story.sheet, story.passages)


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
