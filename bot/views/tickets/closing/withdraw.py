"""The message to staff that a ticket was withdrawn."""

from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import section
from bot.views.message import Message
from bot.views.text import inline, mention


def ended(ticket_view: TicketView, by: str) -> Message:
    """Return the direct message to the assignee of a ticket that a colleague (`by`) has
    resolved."""
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    text = f"{mention(by)} has resolved *{key}* of {client}, which is yours."
    return Message(text, [section(text)])
