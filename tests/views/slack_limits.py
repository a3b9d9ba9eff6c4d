"""Checks Slack's documented limits on Block Kit for the builders' results."""

import re
from collections.abc import Iterator
from typing import Any

from bot.views.message import Message

# Every control sequence that Deskbell writes itself, in its full form.
OURS = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time\}\|\w{3} \d{1,2} \w{3}, \d\d:\d\d [\w+-]+>"
    r"|<@U(?:ENGINEER1|READER01|AUTHOR01)>"
    r"|<https://slack\.com/archives/CACME0001/p\d+\|(?:the client's message|see it)>"
)
ENTITY = re.compile(r"&(?:amp|lt|gt);")


def check_message(message: Message) -> None:
    """Assert that Slack accepts the message and that no user's words in it act as markup."""
    assert 0 < len(message.text) <= 4000
    assert message.text.strip()
    check_inert(message.text)
    assert 0 < len(message.blocks) <= 50
    check_blocks(message.blocks)
    if message.username is not None:
        assert 0 < len(message.username) <= 80


def check_view(view: dict[str, Any]) -> None:
    assert view["type"] == "modal"
    assert view["callback_id"]
    assert len(view["private_metadata"]) <= 3000
    for part in ("title", "submit", "close"):
        check_plain(view[part], 24)
    assert 0 < len(view["blocks"]) <= 100
    check_blocks(view["blocks"])


def check_home(view: dict[str, Any]) -> None:
    assert view["type"] == "home"
    assert 0 < len(view["blocks"]) <= 100
    check_blocks(view["blocks"])


def check_blocks(blocks: list[dict[str, Any]]) -> None:
    action_ids = [element["action_id"] for block in blocks for element in elements(block)]
    assert len(set(action_ids)) == len(action_ids)
    block_ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(set(block_ids)) == len(block_ids)
    assert all(0 < len(name) <= 255 for name in [*action_ids, *block_ids])
    for block in blocks:
        check_block(block)


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from block.get("elements", [])
    if "element" in block:
        yield block["element"]


def check_block(block: dict[str, Any]) -> None:
    kind = block["type"]
    if kind == "section":
        assert block["text"]["type"] == "mrkdwn"
        assert 0 < len(block["text"]["text"]) <= 3000
        assert block["text"]["text"].strip()
        check_inert(block["text"]["text"])
    elif kind == "header":
        check_plain(block["text"], 150)
    elif kind == "actions":
        assert 0 < len(block["elements"]) <= 25
    else:
        assert kind == "input"
        check_plain(block["label"], 2000)
        if "hint" in block:
            check_plain(block["hint"], 2000)
    for element in elements(block):
        check_element(element)


def check_element(element: dict[str, Any]) -> None:
    if element["type"] == "button":
        check_plain(element["text"], 75)
        assert len(element["value"]) <= 2000
        if "confirm" in element:
            for part, limit in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
                check_plain(element["confirm"][part], limit)
    elif element["type"] == "static_select":
        check_menu(element)
    elif element["type"] in {"overflow", "radio_buttons"}:
        assert 1 <= len(element["options"]) <= {"overflow": 5, "radio_buttons": 10}[element["type"]]
        check_menu(element)
    elif element["type"] == "datetimepicker":
        assert 10**9 <= element["initial_date_time"] < 10**10
    elif element["type"] != "users_select":
        assert element["type"] == "plain_text_input"
        assert 1 <= element["max_length"] <= 3000


def check_menu(menu: dict[str, Any]) -> None:
    groups = menu.get("option_groups", [menu])
    assert 0 < len(groups) <= 100
    options = [option for group in groups for option in group["options"]]
    for group in groups:
        assert 0 < len(group["options"]) <= 100
        if "label" in group:
            check_plain(group["label"], 75)
    for option in options:
        check_plain(option["text"], 75)
        assert 0 < len(option["value"]) <= 150
    if "initial_option" in menu:
        assert menu["initial_option"] in options


def check_plain(text: dict[str, Any], limit: int) -> None:
    assert text["type"] == "plain_text"
    assert 0 < len(text["text"]) <= limit
    assert text["text"].strip()


def check_inert(text: str) -> None:
    """Assert that no control sequence comes from a user and that every `&` starts an entity."""
    rest = OURS.sub("", text)
    assert "<" not in rest
    assert "&" not in ENTITY.sub("", rest)


def shown(message: Message) -> str:
    """Return all mrkdwn that a reader of the message sees."""
    return "\n".join(
        b["text"]["text"] for b in message.blocks if b["type"] in {"section", "header"}
    )


def buttons(message: Message) -> dict[str, str]:
    """Return the labels of the message's buttons by action id."""
    return {
        element["action_id"]: element["text"]["text"]
        for block in message.blocks
        for element in elements(block)
        if element["type"] == "button"
    }
