"""Rate a resolved ticket, by its client."""

import re

from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.rate import rate
from bot.views.tickets.closing import rate as view
from handlers.slack.feature import Acts, Click, Feature


async def _rate(desk: Desk, click: Click) -> str:
    rating = view.rating_of(click.action_id)
    ticket = await rate(desk, click.value, click.actor, rating, click.channel_id)
    return view.rated(ticket.key, rating)


FEATURE = Feature("rate", buttons={re.compile(f"^{view.RATE}:[1-5]$"): Acts(_rate)})
