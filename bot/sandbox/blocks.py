"""Block Kit as strictly as Slack reads it: unknown kinds, missing words, every documented limit."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.answers import SlackError
from bot.sandbox.composition import (
    IMAGE_ELEMENT,
    SLACK_FILE,
    any_text,
    needs_one_of,
    plain_text,
)
from bot.sandbox.elements import ACCESSORIES, INPUTS, INTERACTIVE
from bot.sandbox.records import Json
from bot.sandbox.shapes import (
    ByType,
    Rule,
    Shape,
    anything,
    boolean,
    fault,
    list_of,
    one_of,
    string,
    url,
)

_ID: dict[str, Rule] = {"block_id": string(255)}

_CONTEXT_ELEMENT = ByType(
    {"plain_text": any_text(3000), "mrkdwn": any_text(3000), "image": IMAGE_ELEMENT}
)


def _says_something(block: dict[str, Any], pointer: str) -> Iterator[str]:
    if block.get("text") is None and block.get("fields") is None:
        yield fault("must define either `text` or `fields`", pointer)


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
        also=_says_something,
    ),
    "divider": Shape({}, _ID),
    "header": Shape({"text": plain_text(150)}, _ID),
    "context": Shape({"elements": list_of(_CONTEXT_ELEMENT, least=1, most=10)}, _ID),
    "actions": Shape({"elements": list_of(ByType(INTERACTIVE), least=1, most=25)}, _ID),
    "image": Shape(
        {"alt_text": string(2000)},
        {**_ID, "image_url": url(), "slack_file": SLACK_FILE, "title": plain_text(2000)},
        also=lambda value, pointer: needs_one_of(value, pointer, "image_url", "slack_file"),
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


def _inputs_can_be_sent(view: dict[str, Any], pointer: str) -> Iterator[str]:
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    if not view.get("submit") and any(kind_of(block) == "input" for block in blocks or []):
        yield fault("submit is required when an input block is present", pointer)


_MODAL = Shape(
    {"title": plain_text(24), "blocks": _VIEW_BLOCKS}, _MODAL_OPTIONS, also=_inputs_can_be_sent
)
_HOME = Shape(
    {"blocks": _VIEW_BLOCKS},
    {name: _MODAL_OPTIONS[name] for name in ("private_metadata", "callback_id", "external_id")},
)


def kind_of(block: Any) -> str | None:
    return block.get("type") if isinstance(block, dict) else None


def elements_of(block: Json) -> list[Json]:
    """What a person can press or fill in inside one block."""
    inside = [block.get("element"), block.get("accessory")]
    if block.get("type") == "actions":
        inside += block["elements"]
    return [each for each in inside if each and each.get("type") != "image"]


def _identifiers(blocks: Any, pointer: str) -> Iterator[str]:
    """`block_id` is unique in a message or view, `action_id` within its block."""
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        name = block.get("block_id")
        if name and name in seen:
            yield fault(f"block_id `{name}` already exists", f"{pointer}/{position}/block_id")
        seen.add(name)
        actions = [str(each["action_id"]) for each in elements_of(block) if "action_id" in each]
        for action in sorted({each for each in actions if actions.count(each) > 1}):
            sentence = f"action_id `{action}` already exists for another element"
            yield fault(sentence, f"{pointer}/{position}")


def check_message_blocks(blocks: Any) -> None:
    """Refuse with `invalid_blocks` what Slack refuses in a message: at most 50 blocks."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    faults = list(list_of(_BLOCK, least=0, most=50)(blocks, "/blocks"))
    faults = faults or list(_identifiers(blocks, "/blocks"))
    if faults:
        raise SlackError("invalid_blocks", faults, errors=faults)


def check_view(view: Any, *, kind: str) -> None:
    """Refuse with `invalid_arguments` what Slack refuses in a view of this kind."""
    shape = _MODAL if kind == "modal" else _HOME
    faults = list(one_of(kind)(kind_of(view), "/view/type")) or list(shape(view, "/view"))
    faults = faults or list(_identifiers(view["blocks"], "/view/blocks"))
    if faults:
        raise SlackError("invalid_arguments", faults)


def with_identifiers(blocks: list[Json]) -> list[Json]:
    """The same blocks with the `block_id` and `action_id` that Slack makes up where none is."""
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
            {"action_id": f"{block['block_id']}-{n}", **each}
            for n, each in enumerate(block["elements"])
        ]
    return block
