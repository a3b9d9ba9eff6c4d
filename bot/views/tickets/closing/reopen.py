"""The buttons to reopen a ticket, and the messages that it was reopened."""

from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import Block, button, text_message
from bot.views.ids import NOT_SOLVED
from bot.views.message import Message
from bot.views.text import inline, mention

REOPEN = "reopen"  # on the triage card
REOPEN_LABEL = "Reopen"
NEEDED_AFTER_ALL_LABEL = "We need it after all"
USAGE = "KEY"
MEANING = "take it up again"


def not_solved(key: str) -> Block:
    """Return the button that reopens a resolved ticket."""
    return button("It's not solved", NOT_SOLVED, key)


def reopened_note(ticket_view: ClientTicketView) -> Message:
    """Return the message that a resolved ticket is open again."""
    who = mention(ticket_view.assignee) if ticket_view.assignee else "Our support team"
    key = inline(ticket_view.key, 80, otherwise="Your request")
    return text_message(f"*{key}* is open again. {who} will look into it.")


def reopened(key: str) -> str:
    """Return the answer that the ticket is open again."""
    return f"{key} is open again."
