"""Assign a ticket to a member of staff."""

from bot.domain.ids import UserId
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.assign import assign
from bot.views.tickets.handling import assign as view
from handlers.slack.feature import (
    Answer,
    Asked,
    Feature,
    Saves,
    Submission,
    Word,
    opens_about_ticket,
)
from handlers.slack.typed_text import person


async def _dialog(_: Desk, ticket_view: TicketView) -> Json:
    return view.assign_modal(ticket_view.ticket.key, ticket_view.ticket.assignee)


async def _submit(desk: Desk, submission: Submission) -> None:
    to = UserId(submission.values[view.PERSON])
    await assign(desk, submission.metadata, submission.actor, to)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    to = await person(desk, asked)
    return view.assigned((await assign(desk, asked.key, asked.actor, to)).key, to)


FEATURE = Feature(
    "assign",
    buttons={view.ASSIGN: opens_about_ticket(_dialog)},
    choices={view.ASSIGN: opens_about_ticket(_dialog)},
    submissions={view.ASSIGN_VIEW: Saves(_submit, field=view.PERSON)},
    words=(Word("assign", view.USAGE, view.MEANING, _answer, changes=True),),
)
