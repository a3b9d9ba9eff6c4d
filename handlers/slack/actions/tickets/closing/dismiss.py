"""Dismiss a message that is no ticket."""

from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.dismiss import dismiss
from bot.views.tickets.closing import dismiss as view
from handlers.slack.feature import Acts, Answer, Asked, Click, Feature, Word


async def _dismiss(desk: Desk, click: Click) -> None:
    await dismiss(desk, click.value, click.actor)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.dismissed((await dismiss(desk, asked.key, asked.actor)).key)


FEATURE = Feature(
    "dismiss",
    choices={view.DISMISS: Acts(_dismiss)},
    words=(Word("dismiss", view.USAGE, view.MEANING, _answer, changes=True),),
)
