"""The note that a client deleted a message."""

from bot.views.blocks import section
from bot.views.message import Message
from bot.views.text import mention


def deleted_note(user_id: str | None) -> Message:
    """Return the note that the client's user `user_id` deleted a message of the ticket; None for
    an unknown user."""
    who = mention(user_id) if user_id is not None else "Somebody"
    words = (
        f"{who} deleted a message of this ticket. Its words are erased here as well; the ticket"
        " and its clock stay."
    )
    return Message(words, [section(words)])
