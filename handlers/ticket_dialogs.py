"""Which dialog a button or a choice opens about a ticket."""

from collections.abc import Callable

from bot.domain.sheet import TicketSheet
from bot.ports import Json
from bot.views import ids, modals
from bot.views.why import why_modal

Dialog = Callable[[TicketSheet], Json]


def _assign(sheet: TicketSheet) -> Json:
    return modals.assign_modal(sheet.ticket.key, sheet.ticket.assignee)


def _note(sheet: TicketSheet) -> Json:
    return modals.note_modal(sheet.ticket.key)


def _severity(sheet: TicketSheet) -> Json:
    severities = [promise.severity for promise in sheet.plan.promises]
    return modals.severity_modal(sheet.ticket.key, severities)


def _resolve(sheet: TicketSheet) -> Json:
    severities = [promise.severity for promise in sheet.plan.promises]
    needed = sheet.ticket.severity is None
    return modals.resolve_modal(sheet.ticket.key, severities, severity_needed=needed)


def _reply(sheet: TicketSheet) -> Json:
    return modals.reply_modal(sheet.ticket.key, by_slack=sheet.ticket.channel_id is not None)


def _category(sheet: TicketSheet) -> Json:
    ticket = sheet.ticket
    return modals.category_modal(ticket.key, sheet.plan.categories, ticket.category, ticket.fault)


OF_BUTTON: dict[str, Dialog] = {
    ids.ASSIGN: _assign,
    ids.NOTE: _note,
    ids.CATEGORY: _category,
    ids.REPLY: _reply,
    ids.RESOLVE: _resolve,
}
OF_CHOICE: dict[str, Dialog] = {ids.SEVERITY_ANEW: _severity, ids.WHY: why_modal}
