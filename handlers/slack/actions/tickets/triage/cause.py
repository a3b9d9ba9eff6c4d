"""Look up why a ticket was late, and record the cause."""

from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.triage.cause import late_story, set_cause, told
from bot.views.ids import WORDS
from bot.views.tickets.triage import cause as view
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


async def _dialog(desk: Desk, ticket_view: TicketView) -> Json:
    story = await told(desk, ticket_view.ticket)
    return view.cause_modal(story.ticket_view, story.passages)


async def _submit(desk: Desk, submission: Submission) -> None:
    cause, words = submission.values[view.CAUSE], submission.values[WORDS]
    await set_cause(desk, submission.metadata, submission.actor, cause, words)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    cause, _, words = asked.rest.partition(" ")
    if not cause:
        story = await late_story(desk, asked.key, asked.actor)
        return view.story_answer(story.ticket_view, story.passages)
    ticket = await set_cause(desk, asked.key, asked.actor, cause.lower(), as_typed(words))
    return view.cause_set(ticket.key, cause.lower())


FEATURE = Feature(
    "cause",
    buttons={view.LATE_WHY: opens_about_ticket(_dialog)},
    submissions={view.CAUSE_VIEW: Saves(_submit, field=view.CAUSE)},
    words=(Word("cause", view.USAGE, view.MEANING, _answer, changes=True),),
)
