"""From what the outbox owes to the words that people read."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.escalation import Audience, Step
from bot.domain.promised import ClockState
from bot.domain.sheet import TicketSheet, client_sheet
from bot.ports import Outgoing
from bot.usecases.desk import Desk
from bot.usecases.digesting import ATTAINMENT_DAYS, DIGEST_FACTS
from bot.usecases.reading import sheet_of
from bot.views.client_card import client_card
from bot.views.client_thread import (
    reopened_note,
    reply_message,
    resolution_note,
    where_to_write,
)
from bot.views.digest import digest
from bot.views.message import Message
from bot.views.ping import ping
from bot.views.triage_card import triage_card
from bot.views.which_ticket import which_ticket


async def render(desk: Desk, owed: Outgoing) -> Message | None:
    """The message as it reads now: a card shows the ticket as it stands when it is sent. None
    for what has become pointless."""
    if owed.ticket_id is not None:
        sheet = await sheet_of(desk, await desk.work.tickets.get(owed.ticket_id))
        if owed.kind == "triage_card":
            return triage_card(sheet, now=desk.now)
        return _OF_TICKET[owed.kind](sheet, owed)
    if owed.kind == "digest":
        return digest(DIGEST_FACTS.validate_python(owed.facts), ATTAINMENT_DAYS)
    if owed.kind == "which_ticket":
        tickets = [(key, words) for key, words in owed.facts["tickets"]]
        return which_ticket(owed.facts["channel"], owed.facts["ts"], tickets)
    plan = await desk.plans.plan(desk.work, owed.facts["catalog_version_id"], owed.facts["plan_id"])
    return where_to_write(plan)


def _ping(sheet: TicketSheet, owed: Outgoing) -> Message | None:
    """None where the ticket got a severity without a clock while its ping was on its way."""
    sheet = sheet.about(owed.facts.get("clock", ""))
    if sheet.clock is ClockState.NONE:
        return None
    return ping(
        sheet,
        Step(owed.facts["step"]),
        Audience(owed.facts["audience"]),
        tuple(owed.facts["readers"]),
        now=datetime.fromisoformat(owed.facts["now"]),
    )


_OF_TICKET: dict[str, Callable[[TicketSheet, Outgoing], Message | None]] = {
    "client_card": lambda sheet, _: client_card(client_sheet(sheet)),
    "reopened": lambda sheet, _: reopened_note(client_sheet(sheet)),
    "resolution": lambda sheet, _: resolution_note(client_sheet(sheet)),
    "reply": lambda _, owed: reply_message(owed.facts["words"], owed.facts["name"]),
    "ping": _ping,
}
