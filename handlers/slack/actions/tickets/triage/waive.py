"""Waive the price of a ticket."""

from bot.domain.tickets.refusals import Reason
from bot.usecases.desk import Desk
from bot.usecases.tickets.triage.waive import waive
from bot.views.tickets.triage import waive as view
from handlers.slack.feature import Answer, Asked, Feature, Word
from handlers.slack.typed_text import reason


async def _answer(desk: Desk, asked: Asked) -> Answer:
    why = reason(asked, Reason.WAIVER)
    return view.waived(await waive(desk, asked.key, asked.actor, why))


FEATURE = Feature("waive", words=(Word("waive", view.USAGE, view.MEANING, _answer, changes=True),))
