"""Reply to a client after a preview, or record a reply that was given outside Slack."""

from bot.domain.ids import UserId
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.reply import draft, record_answer, reply
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.views.ids import WORDS
from bot.views.tickets.handling import reply as view
from handlers.slack.feature import (
    Answer,
    Asked,
    Confirms,
    Feature,
    Previews,
    Saves,
    Submission,
    Submits,
    Word,
    opens_about_ticket,
)
from handlers.slack.typed_text import as_typed


async def _dialog(_: Desk, ticket_view: TicketView) -> Json:
    ticket = ticket_view.ticket
    return view.reply_modal(ticket.key, by_slack=ticket.channel_id is not None)


async def _record(desk: Desk, submission: Submission) -> None:
    key, actor, words = submission.metadata, submission.actor, submission.values[WORDS]
    given_at = submission.values[view.GIVEN_AT]
    await record_answer(desk, key, actor, words, given_at or None, submission_id=submission.id)


async def _preview(desk: Desk, submission: Submission) -> Json:
    words = submission.values[WORDS]
    return await _previewed(desk, submission.metadata, submission.actor, words)


async def _previewed(desk: Desk, key: str, actor: UserId, words: str) -> Json:
    answer = await draft(desk, key, actor, words)
    return view.preview_modal(answer.ticket.key, answer.words, answer.name)


def _submits(submission: Submission) -> Submits:
    """Return what the dialog does: with a time it records a reply, otherwise it previews it."""
    if view.GIVEN_AT in submission.values:
        return Saves(_record, time_field=view.GIVEN_AT)
    return Previews(_preview)


async def _send(desk: Desk, submission: Submission) -> None:
    """Send the reply as it was previewed."""
    key, words = view.previewed(submission.metadata)
    await reply(desk, key, submission.actor, words, submission_id=submission.id)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    ticket_view = await view_ticket_for_staff(desk, asked.key, asked.actor)
    if not asked.rest:
        return await _dialog(desk, ticket_view)
    return await _previewed(desk, asked.key, asked.actor, as_typed(asked.rest))


FEATURE = Feature(
    "reply",
    buttons={view.REPLY: opens_about_ticket(_dialog)},
    submissions={view.REPLY_VIEW: _submits, view.PREVIEW_VIEW: Confirms(_send)},
    words=(Word("reply", view.USAGE, view.MEANING, _answer),),
)
