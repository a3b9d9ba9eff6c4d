"""Choose the category of a ticket."""

from bot.domain.tickets.refusals import CategoryMissing
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.triage.category import categorise
from bot.usecases.tickets.triage.fault import own_fault
from bot.views.tickets.triage import category as view
from bot.views.tickets.triage.fault import FAULT
from handlers.slack.feature import (
    Answer,
    Asked,
    Feature,
    Saves,
    Submission,
    Word,
    opens_about_ticket,
)


async def _dialog(_: Desk, ticket_view: TicketView) -> Json:
    ticket = ticket_view.ticket
    return view.category_modal(
        ticket.key, ticket_view.plan.categories, ticket.category, ticket.fault
    )


async def _submit(desk: Desk, submission: Submission) -> None:
    """Save both inputs of the dialog: the category and the fault of the vendor."""
    key, actor = submission.metadata, submission.actor
    if category := submission.values.get(view.CATEGORY):
        await categorise(desk, key, actor, category)
    await own_fault(desk, key, actor, submission.values[FAULT] or None)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    category = asked.rest.lower().strip()
    if not category:
        raise CategoryMissing(asked.key)
    return view.categorised(await categorise(desk, asked.key, asked.actor, category))


FEATURE = Feature(
    "category",
    buttons={view.CATEGORY: opens_about_ticket(_dialog)},
    submissions={view.CATEGORY_VIEW: Saves(_submit, field=FAULT)},
    words=(Word("category", view.USAGE, view.MEANING, _answer, changes=True),),
)
