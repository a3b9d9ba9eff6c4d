"""The message that a ticket was reopened."""

from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import text_message
from bot.views.message import Message
from bot.views.text import inline, mention


def reopened_note(ticket_view: ClientTicketView) -> Message:
    """Return the message that a resolved ticket is open again."""
    who = mention(ticket_view.assignee) if ticket_view.assignee else "Our support team"
    key = inline(ticket_view.key, 80, otherwise="Your request")
    return text_message(f"*{key}* is open again. {who} will look into it.")
