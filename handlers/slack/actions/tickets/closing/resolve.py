"""Resolve a ticket."""

from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.resolve import resolve
from bot.views.ids import SEVERITY, WORDS
from bot.views.tickets.closing import resolve as view
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
    severities = [sla_target.severity for sla_target in ticket_view.plan.sla_targets]
    needed = ticket_view.ticket.severity is None
    return view.resolve_modal(ticket_view.ticket.key, severities, severity_needed=needed)


async def _submit(desk: Desk, submission: Submission) -> None:
    words, severity = submission.values[WORDS], submission.values.get(SEVERITY) or None
    await resolve(desk, submission.metadata, submission.actor, words, severity)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    return view.resolved(await resolve(desk, asked.key, asked.actor, as_typed(asked.rest)))


FEATURE = Feature(
    "resolve",
    buttons={view.RESOLVE: opens_about_ticket(_dialog)},
    submissions={view.RESOLVE_VIEW: Saves(_submit)},
    words=(Word("resolve", view.USAGE, view.MEANING, _answer, changes=True),),
)
