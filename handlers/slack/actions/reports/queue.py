"""Look up the tickets that the asking person must act on."""

from bot.usecases.desk import Desk
from bot.usecases.reports.queues import queue
from bot.views.reports import lists as view
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.queue_list(await queue(desk, asked.actor), desk.now)


FEATURE = Feature("queue", words=(Word("queue", view.QUEUE_USAGE, view.QUEUE_MEANING, _answer),))
