"""Controls: the element that a person presses, and the action that Slack sends for it."""

from collections.abc import Sequence

from bot.sandbox.block_kit.blocks import elements_of
from bot.sandbox.block_kit.elements import choices_of
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.json_types import Json

PRESSABLE = ("button", "static_select", "overflow", "radio_buttons", "users_select")


def find_control(blocks: Sequence[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    """Return the block and the element with this `action_id` and, if given, `value`.

    Raises ImpossibleError, which lists the elements of the message, if there is none.
    """
    present = [(block, element) for block in blocks for element in elements_of(block)]
    named = [pair for pair in present if pair[1].get("action_id") == action_id]
    fitting = [pair for pair in named if value is None or value in values_of(pair[1])]
    if named and (fitting or named[0][1]["type"] == "users_select"):
        return (fitting or named)[0]
    listed = ", ".join(_described(element) for _, element in present) or "nothing"
    wanted = action_id if value is None else f"{action_id} with the value {value}"
    raise ImpossibleError(f"there is no {wanted} to press; present: {listed}")


def _described(element: Json) -> str:
    return f"{element.get('action_id')} ({', '.join(values_of(element)) or element['type']})"


def values_of(element: Json) -> list[str]:
    """Return the values that a press on this element can send."""
    if element["type"] == "button":
        return [element["value"]] if "value" in element else []
    return [str(option["value"]) for option in choices_of(element)]


def action_of(block: Json, element: Json, value: str | None, action_ts: str) -> Json:
    """Return the entry in `actions` for a press or a choice."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        kept = {name: element[name] for name in ("text", "value", "style") if name in element}
        return action | kept
    if element["type"] == "users_select":
        return action | {"selected_user": value}
    if element["type"] not in PRESSABLE:
        raise ImpossibleError(f"a {element['type']} is filled in, not pressed: use submit")
    return action | {"selected_option": chosen_option(element, value)}


def chosen_option(element: Json, value: object) -> Json:
    """Return the option with this value. A single option needs no value."""
    options = choices_of(element)
    if value is None and len(options) == 1:
        return options[0]
    for option in options:
        if option["value"] == value:
            return option
    offered = ", ".join(str(option["value"]) for option in options)
    raise ImpossibleError(f"{value} is not offered; choose one of: {offered}")
