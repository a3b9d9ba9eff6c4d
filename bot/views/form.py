"""Builders of dialogs. Each input uses the same ID for its block and its element, and handlers look
up the value by that ID."""

from typing import Any

from bot.domain.ticket import WORDS_LENGTH
from bot.views.blocks import Block, plain
from bot.views.ids import WORDS
from bot.views.text import clip_plain

View = dict[str, Any]
PRIVATE_METADATA = 3000  # characters that Slack keeps with a dialog
TIME_LENGTH = 16  # characters in "2026-03-13 14:00"
TIME = "As 2026-03-13 14:00, in the time of the client's plan. Leave it empty for now."


def modal(callback_id: str, title: str, submit: str, blocks: list[Block], key: str) -> View:
    """Return a dialog about the ticket or client with the key `key`, which is its
    `private_metadata`."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": key,
        "title": plain(f"{title} {key}", 24, otherwise=title),
        "submit": plain(submit, 24, otherwise="Send"),
        "close": plain("Cancel", 24, otherwise="Cancel"),
        "blocks": blocks,
    }


def words_input(label: str, *, hint: str, value: str = "") -> Block:
    """Return a required input of several lines; `value` is its initial text."""
    line = line_input(WORDS, label, WORDS_LENGTH, hint=hint, value=value)
    return line | {"element": line["element"] | {"multiline": True, "min_length": 1}}


def line_input(
    name: str, label: str, length: int, *, hint: str, optional: bool = False, value: str = ""
) -> Block:
    """Return an input of a single line of at most `length` characters; `value` is its initial
    text."""
    element: Block = {"type": "plain_text_input", "action_id": name, "max_length": length}
    if value:
        element["initial_value"] = clip_plain(value, length)
    return labelled(name, label, element) | {
        "hint": plain(hint, 2000, otherwise=label),
        "optional": optional,
    }


def menu_input(name: str, label: str, choices: Block) -> Block:
    """Return a select menu; `choices` are Slack's own fields, such as `options` and
    `initial_option`."""
    return labelled(name, label, {"type": "static_select", "action_id": name, **choices})


def labelled(name: str, label: str, element: Block) -> Block:
    """Return an input block with a label around `element`."""
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000, otherwise=name),
        "element": element,
    }
