"""Look up open tickets."""

from bot.usecases.desk import Desk
from bot.usecases.reports.queues import all_open, at_risk, late
from bot.views.reports import lists as view
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    match asked.rest.lower().removeprefix("--"):
        case "at-risk":
            return view.at_risk_list(await at_risk(desk, asked.actor), desk.now)
        case "breached":
            return view.late_list(await late(desk, asked.actor), desk.now)
    return view.open_list(await all_open(desk, asked.actor, asked.rest or None), desk.now)


FEATURE = Feature(
    "list_tickets", words=(Word("list", view.LIST_USAGE, view.LIST_MEANING, _answer),)
)
