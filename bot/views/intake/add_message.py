"""The dialog to add a message to a ticket."""

from collections.abc import Sequence

from bot.slack_ts import MessageTs
from bot.views.blocks import OPTIONS_IN_A_MENU, option, people_said
from bot.views.form import View, menu_input, modal
from bot.views.ids import INTO
from bot.views.text import blank, clip, clip_plain, quoted

ADD_SHORTCUT = "add_to_ticket"  # in the menu of a message
ADD_VIEW = "add_view"  # `picked` encodes its private metadata
PICKED_LENGTH = 2900  # characters of the message in the private metadata


def add_modal(
    channel_id: str, ts: MessageTs, words: str, tickets: Sequence[tuple[str, str]]
) -> View:
    """Return the dialog that adds a message to an open ticket. `tickets` are pairs of key and first
    words."""
    options = [option(f"{key}: {about}", key) for key, about in tickets[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Add it to", {"options": options})
    excerpt = clip(words, 1400)
    shown = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    view = modal(ADD_VIEW, "Add to a ticket", "Add", [*shown, menu], "")
    return view | {"private_metadata": picked(channel_id, ts, clip_plain(words, PICKED_LENGTH))}


def picked(channel_id: str, ts: MessageTs, words: str) -> str:
    """Encode the private metadata of a dialog about a message. The caller clips `words` to Slack's
    limit of 3,000 characters."""
    return f"{channel_id}:{ts}:{words}"


def picked_in(metadata: str) -> tuple[str, MessageTs, str]:
    """Decode the metadata of `picked`: the channel, the `ts` and the words."""
    channel_id, ts, words = metadata.split(":", 2)
    return channel_id, MessageTs.parse(ts), words


def part_of(key: str) -> str:
    """Return the answer that the message is part of a ticket."""
    return f"It is part of {key}."
