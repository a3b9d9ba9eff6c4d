"""Merge a ticket into another ticket of its client."""

from bot.domain.tickets.refusals import MergeTargetMissing
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.closing.merge import merge, to_merge_into
from bot.views.ids import INTO
from bot.views.tickets.closing import merge as view
from handlers.slack.feature import (
    Answer,
    Asked,
    Feature,
    Saves,
    Submission,
    Word,
    opens_about_ticket,
)


async def _dialog(desk: Desk, ticket_view: TicketView) -> Json:
    others = [target.ticket for target in await to_merge_into(desk, ticket_view)]
    return view.merge_modal(
        ticket_view.ticket.key, [(target.key, target.summary) for target in others]
    )


async def _submit(desk: Desk, submission: Submission) -> None:
    await merge(desk, submission.metadata, submission.actor, submission.values[INTO])


async def _answer(desk: Desk, asked: Asked) -> Answer:
    into = asked.rest.upper().split()[-1:]  # "ACME-2 ACME-1", or "ACME-2 into ACME-1"
    if not into:
        raise MergeTargetMissing(asked.key)
    return view.merged(await merge(desk, asked.key, asked.actor, into[0]))


FEATURE = Feature(
    "merge",
    buttons={view.MERGE: opens_about_ticket(_dialog)},
    submissions={view.MERGE_VIEW: Saves(_submit, field=INTO)},
    words=(Word("merge", view.USAGE, view.MEANING, _answer, changes=True),),
)
