"""Choose the ticket that a staff member's message belongs to."""

import re

from bot.domain.ids import ChannelId
from bot.usecases.desk import Desk
from bot.usecases.intake.which_ticket import meant
from bot.views.intake import which_ticket as view
from bot.views.intake.add_message import part_of
from handlers.slack.feature import Acts, Click, Feature


async def _choose(desk: Desk, click: Click) -> str:
    key, channel_id, ts = view.chosen_meant(click.value)
    ticket, is_first_response = await meant(desk, key, click.actor, ChannelId(channel_id), ts)
    return view.answers(ticket.key) if is_first_response else part_of(ticket.key)


FEATURE = Feature("which_ticket", buttons={re.compile(f"^{view.MEANT}:"): Acts(_choose)})
