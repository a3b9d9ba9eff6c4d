"""Choose, propose or change the severity of a ticket."""

import re

from bot.domain.tickets.refusals import SeverityMissing
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.tickets.triage.severity import choose_severity, decide_severity
from bot.views.ids import SEVERITY
from bot.views.tickets.triage import severity as view
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


async def _choose(desk: Desk, click: Click) -> str | None:
    """Handle a severity button on the client's card."""
    severity, shown = view.severity_of(click.action_id), view.severity_shown(click.block_id)
    holds = await choose_severity(
        desk, click.value, click.actor, severity, channel_id=click.channel_id, shown=shown
    )
    return None if holds else view.PROPOSAL_NOTED


async def _decide(desk: Desk, click: Click) -> None:
    """Handle the severity menu on the triage card."""
    key, severity = view.chosen_severity(click.value)
    shown = view.severity_shown(click.block_id)
    await decide_severity(desk, key, click.actor, severity, shown=shown)


async def _dialog(_: Desk, ticket_view: TicketView) -> Json:
    severities = [sla_target.severity for sla_target in ticket_view.plan.sla_targets]
    return view.severity_modal(ticket_view.ticket.key, severities)


async def _submit(desk: Desk, submission: Submission) -> None:
    severity = submission.values[SEVERITY]
    from_now = submission.values[view.SINCE] == view.FROM_NOW
    await decide_severity(desk, submission.metadata, submission.actor, severity, from_now=from_now)


async def _answer(desk: Desk, asked: Asked) -> Answer:
    severity, *since = asked.rest.lower().split() or [""]
    if not severity:
        raise SeverityMissing(asked.key)
    from_now = since == ["now"]
    ticket = await decide_severity(desk, asked.key, asked.actor, severity, from_now=from_now)
    return view.severity_set(ticket.key, ticket.severity, from_now=from_now)


FEATURE = Feature(
    "severity",
    buttons={
        re.compile(f"^{view.CLIENT_SEVERITY}:"): Acts(_choose),
        view.TRIAGE_SEVERITY: Acts(_decide),
    },
    choices={view.SEVERITY_ANEW: opens_about_ticket(_dialog)},
    submissions={view.SEVERITY_VIEW: Saves(_submit, field=SEVERITY)},
    words=(Word("severity", view.USAGE, view.MEANING, _answer, changes=True),),
)
