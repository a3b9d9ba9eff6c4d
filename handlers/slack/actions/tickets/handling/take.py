"""Take a ticket, or take it over from a colleague."""

from bot.domain.ids import UserId
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.take import take, take_over
from bot.views.tickets.handling import take as view
from handlers.slack.feature import Acts, Answer, Asked, Click, Feature, Word


async def _take(desk: Desk, click: Click) -> None:
    await take(desk, click.value, click.actor)


async def _take_over(desk: Desk, click: Click) -> None:
    key, assignee = view.chosen_take_over(click.value)
    await take_over(desk, key, click.actor, UserId(assignee))


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.taken((await take(desk, asked.key, asked.actor)).key)


FEATURE = Feature(
    "take",
    buttons={view.TAKE: Acts(_take), view.TAKE_OVER: Acts(_take_over)},
    choices={view.TAKE: Acts(_take)},
    words=(Word("take", view.USAGE, view.MEANING, _answer, changes=True),),
)
