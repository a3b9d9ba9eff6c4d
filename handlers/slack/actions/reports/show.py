"""Look up a ticket."""

from bot.usecases.desk import Desk
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.views.reports import lists as view
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    ticket_view = await view_ticket_for_staff(desk, asked.key, asked.actor)
    return view.ticket_shown(ticket_view, desk.now)


FEATURE = Feature("show", words=(Word("show", view.SHOW_USAGE, view.SHOW_MEANING, _answer),))
