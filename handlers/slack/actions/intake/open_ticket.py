"""Open a ticket from a message, or from a report that reached the desk outside Slack."""

from bot.domain.ids import UserId
from bot.domain.ticket import Source
from bot.json_types import Json
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.intake.add_message import Picked, open_from
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.views.ids import WORDS
from bot.views.intake import open_ticket as view
from bot.views.intake.add_message import part_of
from handlers.slack.feature import (
    Answer,
    Asked,
    ChosenMessage,
    Feature,
    Saves,
    Shortcut,
    Submission,
    Word,
)


async def _open_from(desk: Desk, message: ChosenMessage) -> str | None:
    """Open a ticket from a client's message; other messages need the dialog."""
    picked = Picked(message.channel_id, message.ts, message.words)
    ticket = await open_from(desk, picked, message.actor)
    return None if ticket is None else part_of(ticket.key)


async def _dialog_about(desk: Desk, message: ChosenMessage) -> Json:
    return await _dialog(desk, message.actor, message.words)


async def _dialog(desk: Desk, actor: UserId, words: str = "") -> Json:
    await staff_member(desk, actor)
    clients = [(client.key, client.name) for client in await desk.work.clients.all()]
    return view.open_modal(clients, words=words)


async def _submit(desk: Desk, submission: Submission) -> None:
    given = submission.values
    report = Report(
        actor=submission.actor,
        submission_id=submission.id,
        client_key=given[view.CLIENT],
        source=Source(given[view.SOURCE]),
        reported_at=given[view.REPORTED_AT] or None,
        reported_by=given[view.REPORTED_BY],
        words=given[WORDS],
    )
    await open_from_report(desk, report)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return await _dialog(desk, asked.actor)


FEATURE = Feature(
    "open_ticket",
    submissions={view.OPEN_VIEW: Saves(_submit, time_field=view.REPORTED_AT)},
    shortcuts={view.OPEN_SHORTCUT: Shortcut(_dialog_about, _open_from)},
    words=(Word("open", view.USAGE, view.MEANING, _answer),),
)
