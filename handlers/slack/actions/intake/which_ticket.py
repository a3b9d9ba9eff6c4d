"""Choose the ticket that a staff member's message belongs to."""

import re

from bot.usecases.desk import Desk
from bot.usecases.intake.which_ticket import meant
from bot.views.intake import which_ticket as view
from handlers.slack.feature import Acts, Click, Feature


async def _choose(desk: Desk, click: Click) -> str:
    key, channel_id, ts = view.chosen_meant(click.value)
    return await meant(desk, key, click.actor, channel_id, ts)


FEATURE = Feature("which_ticket", buttons={re.compile(f"^{view.MEANT}:"): Acts(_choose)})
