"""The card and the dialog with which clients open a ticket."""

from collections.abc import Sequence

from bot.domain.sla.targets.sla_target import Severity
from bot.views.blocks import (
    BLOCKS_IN_A_MESSAGE,
    OPTIONS_IN_A_MENU,
    actions,
    button,
    option,
    people_said,
    section,
)
from bot.views.form import View, menu_input, modal, words_input
from bot.views.ids import SEVERITY
from bot.views.message import Message
from bot.views.text import clip, clip_plain, mention, quoted, split

ASK = "ask"  # on the ask card of a channel
ASK_VIEW = "ask_view"  # private metadata: the channel's ID


def ask_card() -> Message:
    """Return the card with the button that opens a ticket, for channels in which posts do not open
    tickets."""
    words = (
        "Do you need help? Press the button and say what you need: our support team answers in a"
        " thread here. A :ticket: on any message asks us, too."
    )
    ask = button("Ask for help", ASK, "ask", style="primary")
    return Message(words, [section(words), *actions([ask], "ask")])


def asked_note(by: str, words: str) -> Message:
    """Return the request that the user `by` wrote in the dialog of the ask card."""
    first = f"{mention(by)} asks:"
    paragraphs = [people_said(quoted(piece)) for piece in split(words, 1400)]
    text = f"{first} {clip(words, 3000)}".strip()
    return Message(text, [section(first), *paragraphs[: BLOCKS_IN_A_MESSAGE - 1]])


def ask_modal(channel_id: str, severities: Sequence[Severity]) -> View:
    """Return the dialog in which a client writes a request and may choose a severity."""
    hint = "Our support team reads it, and so does everybody in this channel."
    blocks = [words_input("What do you need?", hint=hint)]
    if severities:
        options = [
            option(_defined(severity), severity.id) for severity in severities[:OPTIONS_IN_A_MENU]
        ]
        blocks.append(
            menu_input(SEVERITY, "How severe is it?", {"options": options}) | {"optional": True}
        )
    view = modal(ASK_VIEW, "Ask for help", "Ask", blocks, "")
    return view | {"private_metadata": channel_id}


def _defined(severity: Severity) -> str:
    return f"{clip_plain(severity.label, 25)}: {severity.definition}"
