"""Record that the vendor caused a ticket. The dialog of `category` has an input for it too."""

from bot.domain.tickets.refusals import Reason
from bot.usecases.desk import Desk
from bot.usecases.tickets.triage.fault import own_fault
from bot.views.tickets.triage import fault as view
from handlers.slack.feature import Answer, Asked, Feature, Word
from handlers.slack.typed_text import reason


async def _answer(desk: Desk, asked: Asked) -> Answer:
    why = reason(asked, Reason.FAULT)
    return view.fault_set(await own_fault(desk, asked.key, asked.actor, why))


FEATURE = Feature("fault", words=(Word("fault", view.USAGE, view.MEANING, _answer, changes=True),))
