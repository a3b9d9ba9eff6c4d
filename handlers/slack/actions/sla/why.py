"""Explain why a ticket is due when it is."""

from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.sla.clocks import computed_clocks
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.views.sla import why as view
from handlers.slack.feature import Answer, Asked, Feature, Word, opens_about_ticket


async def _dialog(desk: Desk, ticket_view: TicketView) -> Json:
    return view.why_modal(ticket_view, await computed_clocks(desk, ticket_view.ticket))


async def _answer(desk: Desk, asked: Asked) -> Answer:
    ticket_view = await view_ticket_for_staff(desk, asked.key, asked.actor)
    return view.why_text(ticket_view, await computed_clocks(desk, ticket_view.ticket))


FEATURE = Feature(
    "why",
    choices={view.WHY: opens_about_ticket(_dialog)},
    words=(Word("why", view.USAGE, view.MEANING, _answer),),
)
