"""Write a note on a ticket that only staff read."""

from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.note import note
from bot.views.ids import WORDS
from bot.views.tickets.handling import note as view
from handlers.slack.feature import (
    Answer,
    Asked,
    Feature,
    Saves,
    Submission,
    Word,
    opens_about_ticket,
)
from handlers.slack.typed_text import as_typed


async def _dialog(_: Desk, ticket_view: TicketView) -> Json:
    return view.note_modal(ticket_view.ticket.key)


async def _submit(desk: Desk, submission: Submission) -> None:
    await note(desk, submission.metadata, submission.actor, submission.values[WORDS])


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.noted((await note(desk, asked.key, asked.actor, as_typed(asked.rest))).key)


FEATURE = Feature(
    "note",
    buttons={view.NOTE: opens_about_ticket(_dialog)},
    submissions={view.NOTE_VIEW: Saves(_submit)},
    words=(Word("note", view.USAGE, view.MEANING, _answer, changes=True),),
)
