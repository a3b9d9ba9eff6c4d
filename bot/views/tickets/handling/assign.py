"""The dialog to assign a ticket, and the message to the people concerned."""

from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import Block, section
from bot.views.form import View, labelled, modal
from bot.views.message import Message
from bot.views.sla.urgency import urgency
from bot.views.text import inline, mention

ASSIGN = "assign"
ASSIGN_LABEL = "Assign"
HAND_OVER_LABEL = "Hand over"  # on pings
ASSIGN_VIEW = "assign_view"
PERSON = "person"
USAGE = "KEY @person"
MEANING = "put it on anyone on staff"


def assign_modal(key: str, assignee: str | None) -> View:
    """Return the dialog that assigns a ticket; `assignee` (a Slack user ID) is the current
    assignee."""
    menu: Block = {"type": "users_select", "action_id": PERSON}
    if assignee is not None:
        menu["initial_user"] = assignee
    return modal(
        ASSIGN_VIEW, "Assign", "Assign", [labelled(PERSON, "Who is to have it", menu)], key
    )


def handed_over(ticket_view: TicketView, by: str, to: str, reader: str) -> Message:
    """Return the direct message to the new or the former assignee (`reader`) of a ticket that `by`
    has assigned to `to`."""
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    about = f"*{key}* of {client}"
    if reader == to:
        text = f"{mention(by)} has given you {about}. {urgency(ticket_view, None)}."
    elif by == to:
        text = f"{mention(by)} has taken over {about}, which was yours."
    else:
        text = f"{mention(by)} has given {about}, which was yours, to {mention(to)}."
    return Message(text, [section(text)])


def assigned(key: str, to: str) -> str:
    """Return the answer that the user `to` has the ticket."""
    return f"<@{to}> has {key}."
