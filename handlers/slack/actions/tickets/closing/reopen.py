"""Reopen a ticket, by staff or by its client."""

from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.reopen import not_solved, reopen
from bot.views.ids import NOT_SOLVED
from bot.views.tickets.closing import reopen as view
from handlers.slack.feature import Acts, Answer, Asked, Click, Feature, Word


async def _reopen(desk: Desk, click: Click) -> None:
    await reopen(desk, click.value, click.actor)


async def _not_solved(desk: Desk, click: Click) -> None:
    await not_solved(desk, click.value, click.actor, click.channel_id)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.reopened((await reopen(desk, asked.key, asked.actor)).key)


FEATURE = Feature(
    "reopen",
    buttons={view.REOPEN: Acts(_reopen), NOT_SOLVED: Acts(_not_solved)},
    words=(Word("reopen", view.USAGE, view.MEANING, _answer, changes=True),),
)
