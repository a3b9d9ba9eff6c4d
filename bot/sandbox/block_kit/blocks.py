"""The rules of Block Kit for messages and views: kinds, required fields, documented limits."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_kit.composition_objects import (
    IMAGE_ELEMENT,
    SLACK_FILE,
    any_text,
    exactly_one_of,
    plain_text,
)
from bot.sandbox.block_kit.elements import ACCESSORIES, INPUTS, INTERACTIVE
from bot.sandbox.block_kit.shapes import (
    ByType,
    Rule,
    Shape,
    any_of,
    anything,
    boolean,
    list_of,
    problem,
    string,
    url,
)
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json

_ID: dict[str, Rule] = {"block_id": string(255)}

_CONTEXT_ELEMENT = ByType(
    {"plain_text": any_text(3000), "mrkdwn": any_text(3000), "image": IMAGE_ELEMENT}
)


def _text_or_fields(block: dict[str, Any], pointer: str) -> Iterator[str]:
    if block.get("text") is None and block.get("fields") is None:
        yield problem("must define either `text` or `fields`", pointer)


BLOCKS: dict[str, Rule] = {
    "section": Shape(
        {},
        {
            **_ID,
            "text": any_text(3000),
            "fields": list_of(any_text(2000), least=1, most=10),
            "accessory": ByType(ACCESSORIES),
            "expand": boolean,
        },
        also=_text_or_fields,
    ),
    "divider": Shape({}, _ID),
    "header": Shape({"text": plain_text(150)}, _ID),
    "context": Shape({"elements": list_of(_CONTEXT_ELEMENT, least=1, most=10)}, _ID),
    "actions": Shape({"elements": list_of(ByType(INTERACTIVE), least=1, most=25)}, _ID),
    "image": Shape(
        {"alt_text": string(2000)},
        {**_ID, "image_url": url(), "slack_file": SLACK_FILE, "title": plain_text(2000)},
        also=lambda value, pointer: exactly_one_of(value, pointer, "image_url", "slack_file"),
    ),
    "input": Shape(
        {"label": plain_text(2000), "element": ByType(INPUTS)},
        {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": Shape({"elements": list_of(anything, least=0, most=1000)}, _ID),
    "markdown": Shape({"text": string(12_000, least=1)}, _ID),
}
_BLOCK = ByType(BLOCKS)

_MODAL_OPTIONS: dict[str, Rule] = {
    "close": plain_text(24),
    "submit": plain_text(24),
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
_VIEW_BLOCKS = list_of(_BLOCK, least=0, most=100)


def _submit_with_inputs(view: dict[str, Any], pointer: str) -> Iterator[str]:
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    if not view.get("submit") and any(kind_of(block) == "input" for block in blocks or []):
        yield problem("submit is required when an input block is present", pointer)


_MODAL = Shape(
    {"title": plain_text(24), "blocks": _VIEW_BLOCKS}, _MODAL_OPTIONS, also=_submit_with_inputs
)
_HOME = Shape(
    {"blocks": _VIEW_BLOCKS},
    {name: _MODAL_OPTIONS[name] for name in ("private_metadata", "callback_id", "external_id")},
)


def kind_of(block: Any) -> str | None:
    return block.get("type") if isinstance(block, dict) else None


def elements_of(block: Json) -> list[Json]:
    """Return the interactive elements of a block."""
    elements = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        elements += block["elements"]
    return [element for element in elements if element and element.get("type") != "image"]


def _identifiers(blocks: Any, pointer: str) -> Iterator[str]:
    """Check that a `block_id` is unique in its message or view, an `action_id` in its block."""
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        name = block.get("block_id")
        if name and name in seen:
            yield problem(f"block_id `{name}` already exists", f"{pointer}/{position}/block_id")
        seen.add(name)
        elements = elements_of(block)
        actions = Counter(str(item["action_id"]) for item in elements if "action_id" in item)
        for action in sorted(name for name, count in actions.items() if count > 1):
            sentence = f"action_id `{action}` already exists for another element"
            yield problem(sentence, f"{pointer}/{position}")


def check_message_blocks(blocks: Any) -> None:
    """Raise SlackError `invalid_blocks` if Slack refuses the blocks in a message, at most 50."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = list(list_of(_BLOCK, least=0, most=50)(blocks, "/blocks"))
    problems = problems or list(_identifiers(blocks, "/blocks"))
    if problems:
        raise SlackError("invalid_blocks", problems, errors=problems)


def check_view(view: Any, *, kind: str) -> None:
    """Raise SlackError `invalid_arguments` if Slack refuses the view of this kind."""
    shape = _MODAL if kind == "modal" else _HOME
    problems = list(any_of(kind)(kind_of(view), "/view/type")) or list(shape(view, "/view"))
    problems = problems or list(_identifiers(view["blocks"], "/view/blocks"))
    if problems:
        raise SlackError("invalid_arguments", problems)


def with_identifiers(blocks: list[Json]) -> list[Json]:
    """Return the blocks with the missing `block_id` and `action_id` that Slack generates."""
    named = [
        {**block, "block_id": block.get("block_id") or f"b{n}"} for n, block in enumerate(blocks)
    ]
    return [_with_action_ids(block) for block in named]


def _with_action_ids(block: Json) -> Json:
    block = {**block}
    for name in ("element", "accessory"):
        if block.get(name) and block[name].get("type") != "image":
            block[name] = {"action_id": f"{block['block_id']}-0", **block[name]}
    if block["type"] == "actions":
        block["elements"] = [
            {"action_id": f"{block['block_id']}-{n}", **element}
            for n, element in enumerate(block["elements"])
        ]
    return block
