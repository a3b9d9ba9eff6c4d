"""Wait on the client, and end the waiting."""

from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.wait import wait_no_longer, wait_on_client
from bot.views.tickets.handling import wait as view
from handlers.slack.feature import Acts, Answer, Asked, Click, Feature, Word


async def _wait(desk: Desk, click: Click) -> None:
    await wait_on_client(desk, click.value, click.actor)


async def _go_on(desk: Desk, click: Click) -> None:
    await wait_no_longer(desk, click.value, click.actor)


async def _answer_wait(desk: Desk, asked: Asked) -> Answer:
    return view.waits((await wait_on_client(desk, asked.key, asked.actor)).key)


async def _answer_go_on(desk: Desk, asked: Asked) -> Answer:
    return view.waits_no_longer((await wait_no_longer(desk, asked.key, asked.actor)).key)


FEATURE = Feature(
    "wait",
    choices={view.WAIT: Acts(_wait), view.GO_ON: Acts(_go_on)},
    words=(
        Word("wait", view.USAGE, view.WAIT_MEANING, _answer_wait, changes=True),
        Word("go-on", view.USAGE, view.GO_ON_MEANING, _answer_go_on, changes=True),
    ),
)
