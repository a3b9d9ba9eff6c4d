"""The dialog to write a note, and the note itself."""

from bot.views.blocks import people_said, section
from bot.views.form import View, modal, words_input
from bot.views.message import Message
from bot.views.text import clip, mention, quoted, split
from bot.views.tickets.mirror import _with_room

NOTE = "note"
NOTE_LABEL = "Note"
NOTE_VIEW = "note_view"
USAGE = "KEY words"
MEANING = "note something that only staff read"


def note_modal(key: str) -> View:
    """Return the dialog for a note that only staff read."""
    words = words_input(
        "Note", hint="Only the support team reads it, in the ticket's thread in triage."
    )
    return modal(NOTE_VIEW, "Note on", "Keep it", [words], key)


def note(by: str, words: str) -> Message:
    """Return a note by a member of staff (`by`), which only staff read."""
    first = f"Note by {mention(by)}:"
    # Quoting at most doubles a piece, and a section holds 3,000 characters.
    pieces = [people_said(quoted(piece)) for piece in split(words, 1400)]
    return Message(f"{first} {clip(words, 300)}", [section(first), *_with_room(pieces)])


def noted(key: str) -> str:
    """Return the answer to the author of a note."""
    return f"Your note is in the thread of {key} in triage."
