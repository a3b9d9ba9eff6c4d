"""Withdraw a ticket, by its client."""

from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.withdraw import withdraw
from bot.views.tickets.closing import withdraw as view
from handlers.slack.feature import Acts, Click, Feature


async def _withdraw(desk: Desk, click: Click) -> None:
    await withdraw(desk, click.value, click.actor, click.channel_id)


FEATURE = Feature("withdraw", buttons={view.WITHDRAW: Acts(_withdraw)})
