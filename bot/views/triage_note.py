"""What is said in the thread of a ticket's triage card."""

from bot.views.blocks import section
from bot.views.message import Message
from bot.views.text import mention


def deleted_note(user_id: str) -> Message:
    """Somebody on the client's side took a message of theirs away."""
    who = mention(user_id) if user_id else "Somebody"
    words = (
        f"{who} deleted a message of this ticket. Its words are erased here as well; the ticket"
        " and its clock stay."
    )
    return Message(words, [section(words)])
