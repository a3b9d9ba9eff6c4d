"""The pieces of Block Kit that the builders use, each within Slack's limits."""

from collections.abc import Sequence
from typing import Any

from bot.views.text import blank, clip_plain, one_line

Block = dict[str, Any]

BLOCKS_IN_A_MESSAGE = 50
BLOCKS_IN_A_MODAL = 100
SECTION_TEXT = 3000
MESSAGE_TEXT = 4000
ELEMENTS_IN_ACTIONS = 25
OPTIONS_IN_A_MENU = 100


def plain(words: str, limit: int, *, otherwise: str) -> Block:
    """A `plain_text` on one line; `otherwise` where the words have no character to see."""
    line = one_line(words)
    text = clip_plain(otherwise if blank(line) else line, limit)
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str) -> Block:
    """A paragraph of mrkdwn in which URLs become links."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def people_said(text: str) -> Block:
    """A paragraph of mrkdwn with people's own words: `verbatim`, so that Slack makes no names of
    channels or people out of what reads like one."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def header(words: str) -> Block:
    return {"type": "header", "text": plain(words, 150, otherwise="Deskbell")}


def button(label: str, action_id: str, value: str, **more: Any) -> Block:
    """A button; `more` are Slack's own fields, such as `style` and `confirm`."""
    text = plain(label, 75, otherwise=value)
    return {"type": "button", "text": text, "action_id": action_id, "value": value, **more}


def confirmation(title: str, text: str, *, confirm: str, deny: str) -> Block:
    """What is asked before a press counts."""
    return {
        "title": plain(title, 100, otherwise="Are you sure?"),
        "text": plain(text, 300, otherwise=title),
        "confirm": plain(confirm, 30, otherwise="Yes"),
        "deny": plain(deny, 30, otherwise="No"),
    }


def option(label: str, value: str) -> Block:
    return {"text": plain(label, 75, otherwise=value), "value": value}


def actions(elements: Sequence[Block], block_id: str) -> list[Block]:
    """The elements in as many blocks of actions as they need; none for no elements."""
    return [
        {
            "type": "actions",
            "block_id": f"{block_id}:{start}" if start else block_id,
            "elements": list(elements[start : start + ELEMENTS_IN_ACTIONS]),
        }
        for start in range(0, len(elements), ELEMENTS_IN_ACTIONS)
    ]
