"""The dialog to snooze a ticket, and the reminder when the snooze ends."""

from datetime import datetime, timedelta

from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import people_said, plain, section
from bot.views.form import View, labelled, modal
from bot.views.message import Message
from bot.views.sla.urgency import urgency
from bot.views.text import blank, clip, inline, moment, quoted

SNOOZE = "snooze"
SNOOZE_LABEL = "Snooze…"
SNOOZES = {f"{SNOOZE}:{minutes}": minutes for minutes in (30, 60, 90)}  # on pings
WAKE = "wake"
WAKE_LABEL = "Snooze no longer"
SNOOZE_VIEW = "snooze_view"
UNTIL = "until"
USAGE = "KEY 2h | tomorrow | 2026-03-13 14:00 | no"
MEANING = "keep it out of the queue until then; its clock runs on"


def snooze_modal(key: str, now: datetime) -> View:
    """Return the dialog that snoozes a ticket; it proposes a day after `now` (aware), rounded down
    to 15 minutes."""
    tomorrow = int((now + timedelta(days=1)).timestamp()) // 900 * 900
    picker = {"type": "datetimepicker", "action_id": UNTIL, "initial_date_time": tomorrow}
    until = labelled(UNTIL, "Until", picker)
    hint = "Its clock runs on: what is at risk or late stands in the queue all the same."
    until["hint"] = plain(hint, 2000, otherwise="Snooze")
    return modal(SNOOZE_VIEW, "Snooze", "Snooze", [until], key)


def woken(ticket_view: TicketView) -> Message:
    """Return the direct message to the assignee of a ticket whose snooze has ended."""
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    excerpt = clip(ticket_view.ticket.summary, 300)
    words = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    text = f"*{key}* of {client} is back in your queue. {urgency(ticket_view, None)}."
    return Message(text, [section(text), *words])


def snoozed(key: str, until: datetime | None, zone: str) -> str:
    """Return the answer that the ticket is snoozed `until` an instant (aware), shown in the IANA
    `zone`; None ended the snooze."""
    if until is None:
        return f"{key} sleeps no longer."
    return f"{key} is out of the queue until {moment(until, zone)}."
