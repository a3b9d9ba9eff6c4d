"""Finding what a person presses, and what Slack then says of it."""

from collections.abc import Sequence

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.blocks import elements_of
from bot.sandbox.elements import choices_of
from bot.sandbox.records import Json

PRESSABLE = ("button", "static_select", "overflow", "radio_buttons", "users_select")


def find_control(blocks: Sequence[Json], action_id: str, value: str | None) -> tuple[Json, Json]:
    """The block and the element with this `action_id`; `value` chooses among several.

    Raises ImpossibleError, with what there is to press, when it is not there.
    """
    present = [(block, each) for block in blocks for each in elements_of(block)]
    named = [pair for pair in present if pair[1].get("action_id") == action_id]
    fitting = [pair for pair in named if value is None or value in values_of(pair[1])]
    if named and (fitting or named[0][1]["type"] == "users_select"):
        return (fitting or named)[0]
    there = ", ".join(_described(each) for _, each in present) or "nothing"
    wanted = action_id if value is None else f"{action_id} with the value {value}"
    raise ImpossibleError(f"there is no {wanted} to press; present: {there}")


def _described(element: Json) -> str:
    return f"{element.get('action_id')} ({', '.join(values_of(element)) or element['type']})"


def values_of(element: Json) -> list[str]:
    """The values that pressing this element can send."""
    if element["type"] == "button":
        return [element["value"]] if "value" in element else []
    return [str(each["value"]) for each in choices_of(element)]


def action_of(block: Json, element: Json, value: str | None, action_ts: str) -> Json:
    """The entry in `actions` for one press or choice."""
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
    """The option with this value; an only option needs no naming."""
    options = choices_of(element)
    if value is None and len(options) == 1:
        return options[0]
    for option in options:
        if option["value"] == value:
            return option
    offered = ", ".join(str(each["value"]) for each in options)
    raise ImpossibleError(f"{value} is not offered; choose one of: {offered}")
