"""Snooze a ticket, and end the snooze."""

from datetime import UTC, datetime, timedelta
from functools import partial

from bot.domain.sla.calendars.parse_time_input import time_to_come
from bot.domain.tickets.refusals import WakeTimeMissing
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.handling.snooze import snooze
from bot.views.tickets.handling import snooze as view
from handlers.slack.feature import (
    Acts,
    Answer,
    Asked,
    Click,
    Feature,
    Saves,
    Submission,
    Word,
    opens_about_ticket,
)


async def _dialog(desk: Desk, ticket_view: TicketView) -> Json:
    return view.snooze_modal(ticket_view.ticket.key, desk.now)


async def _submit(desk: Desk, submission: Submission) -> None:
    until = datetime.fromtimestamp(int(submission.values[view.UNTIL]), UTC)
    await snooze(desk, submission.metadata, submission.actor, until)


async def _snooze_for(desk: Desk, click: Click, *, minutes: int) -> None:
    await snooze(desk, click.value, click.actor, desk.now + timedelta(minutes=minutes))


async def _wake(desk: Desk, click: Click) -> None:
    await snooze(desk, click.value, click.actor, None)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        raise WakeTimeMissing(asked.key)
    zone, no = desk.places.zone, asked.rest.lower() == "no"
    until = None if no else time_to_come(asked.rest, zone, desk.now)
    ticket = await snooze(desk, asked.key, asked.actor, until)
    return view.snoozed(ticket.key, until, zone)


FEATURE = Feature(
    "snooze",
    choices={
        view.SNOOZE: opens_about_ticket(_dialog),
        **{
            choice: Acts(partial(_snooze_for, minutes=minutes))
            for choice, minutes in view.SNOOZES.items()
        },
        view.WAKE: Acts(_wake),
    },
    submissions={view.SNOOZE_VIEW: Saves(_submit, field=view.UNTIL, time_field=view.UNTIL)},
    words=(Word("snooze", view.USAGE, view.MEANING, _answer, changes=True),),
)
