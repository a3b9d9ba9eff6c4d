"""Builders of Block Kit elements, each within Slack's limits."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from bot.views.message import Message
from bot.views.text import blank, clip_plain, one_line

Block = dict[str, Any]

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_MODAL = 100
SECTION_TEXT = 3000
MESSAGE_TEXT = 4000
ELEMENTS_IN_ACTIONS = 25
OPTIONS_IN_A_MENU = 100


def plain(words: str, limit: int, *, otherwise: str) -> Block:
    """Return a `plain_text` on a single line; its text is `otherwise` if `words` have no visible
    character."""
    return {"type": "plain_text", "text": _label(words, limit, otherwise), "emoji": True}


@lru_cache(maxsize=1024)  # each card repeats the same labels of buttons and menus
def _label(words: str, limit: int, otherwise: str) -> str:
    line = one_line(words)
    return clip_plain(otherwise if blank(line) else line, limit)


def text_message(text: str) -> Message:
    """Return a message that consists of a paragraph of mrkdwn."""
    return Message(text, [section(text)])


def section(text: str) -> Block:
    """Return a paragraph of mrkdwn in which Slack turns URLs into links."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def people_said(text: str) -> Block:
    """Return a paragraph of mrkdwn for text that people wrote. Its text is `verbatim`: Slack does
    not turn plain words into mentions of channels or people."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words, 150, otherwise="Deskbell")}


def button(label: str, action_id: str, value: str, **more: Any) -> Block:
    """Return a button; `more` are further fields of Slack's button, such as `style` and
    `confirm`."""
    text = plain(label, 75, otherwise=value)
    return {"type": "button", "text": text, "action_id": action_id, "value": value, **more}


def confirmation(title: str, text: str, *, confirm: str, deny: str) -> Block:
    """Return the confirmation dialog that Slack shows before a press takes effect."""
    return {
        "title": plain(title, 100, otherwise="Are you sure?"),
        "text": plain(text, 300, otherwise=title),
        "confirm": plain(confirm, 30, otherwise="Yes"),
        "deny": plain(deny, 30, otherwise="No"),
    }


def option(label: str, value: str) -> Block:
    return {"text": plain(label, 75, otherwise=value), "value": value}


def actions(elements: Sequence[Block], block_id: str) -> list[Block]:
    """Return `actions` blocks of up to 25 elements each; an empty list for no elements."""
    return [
        {
            "type": "actions",
            "block_id": f"{block_id}:{start}" if start else block_id,
            "elements": list(elements[start : start + ELEMENTS_IN_ACTIONS]),
        }
        for start in range(0, len(elements), ELEMENTS_IN_ACTIONS)
    ]
