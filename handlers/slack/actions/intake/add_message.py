"""Add a message to an open ticket."""

from bot.domain.ids import ChannelId
from bot.domain.tickets.refusals import NoOpenTicket
from bot.json_types import Json
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.intake.add_message import Picked, add_to
from bot.usecases.tickets.open_tickets import open_ticket_views
from bot.views.ids import INTO
from bot.views.intake import add_message as view
from handlers.slack.feature import ChosenMessage, Feature, Saves, Shortcut, Submission


async def _dialog(desk: Desk, message: ChosenMessage) -> Json:
    await staff_member(desk, message.actor)
    channel_id = await desk.work.channels.current(message.channel_id)
    client = await desk.work.clients.by_channel_for_update(channel_id)
    tickets = [
        (ticket_view.ticket.key, ticket_view.ticket.summary)
        for ticket_view in await open_ticket_views(desk, client)
    ]
    if not tickets:
        raise NoOpenTicket
    return view.add_modal(message.channel_id, message.ts, message.words, tickets)


async def _submit(desk: Desk, submission: Submission) -> None:
    channel_id, ts, words = view.picked_in(submission.metadata)
    picked = Picked(ChannelId(channel_id), ts, words)
    await add_to(desk, picked, submission.values[INTO], submission.actor)


FEATURE = Feature(
    "add_message",
    submissions={view.ADD_VIEW: Saves(_submit, field=INTO)},
    shortcuts={view.ADD_SHORTCUT: Shortcut(_dialog)},
)
