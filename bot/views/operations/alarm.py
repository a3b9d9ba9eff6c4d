"""The alarm that operators read in the managers' channel."""

from bot.views.blocks import SECTION_TEXT, section
from bot.views.message import Message
from bot.views.text import clip

FIRST = ":rotating_light: *Deskbell needs a hand.*"


def alarm(words: str) -> Message:
    """Return an alarm with `words` as plain sentences; they are escaped, so they contain no mention
    and no link."""
    text = f"{FIRST} {clip(words, SECTION_TEXT - 100)}"
    return Message(text, [section(text)])
