"""The inputs of a modal, checked as Slack's client checks them before a submission."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.block_kit.blocks import elements_of
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.gestures.controls import chosen_option
from bot.sandbox.json_types import Json

Key = str | tuple[str, str]

_FIELDS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}


def initial_state(blocks: Sequence[Json]) -> Json:
    """Return `state.values` with the initial values."""
    return filled_in(blocks, {}, check=False)


def filled_in(blocks: Sequence[Json], answers: Mapping[Key, Any], *, check: bool = True) -> Json:
    """Return `state.values` with these answers, by `block_id` or (`block_id`, `action_id`).

    Raises ImpossibleError for an unknown input. With `check` it is also raised for an invalid
    answer: a required input without a value, a text that is too long or too short.
    """
    left = dict(answers)
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in _FIELDS:
                continue
            field = _field_of(block, element, left)
            if check and block["type"] == "input":
                _check(block, element, field)
            values.setdefault(block["block_id"], {})[element["action_id"]] = field
    if left:
        present = ", ".join(values) or "none"
        raise ImpossibleError(f"no input is called {sorted(map(str, left))}; present: {present}")
    return values


def _field_of(block: Json, element: Json, left: dict[Key, Any]) -> Json:
    name, initial = _FIELDS[element["type"]]
    pair, block_id = (block["block_id"], element["action_id"]), block["block_id"]
    if pair in left:
        value = _shaped(element, left.pop(pair))
    elif block_id in left:
        value = _shaped(element, left.pop(block_id))
    else:
        value = element.get(initial) or ([] if name.endswith("s") else None)
    return {"type": element["type"], name: value}


def _shaped(element: Json, value: Any) -> Any:
    """Return an answer as Slack sends it: options for menus, strings for text and numbers."""
    name, _ = _FIELDS[element["type"]]
    if value is None or value in ("", []):
        return [] if name.endswith("s") else None
    if name == "selected_option":
        return chosen_option(element, value)
    if name == "selected_options":
        return [chosen_option(element, item) for item in value]
    return str(value) if name == "value" else value


def _check(block: Json, element: Json, field: Json) -> None:
    value = field[_FIELDS[element["type"]][0]]
    label = block["label"]["text"]
    if not value:
        if not block.get("optional"):
            raise ImpossibleError(f"“{label}” ({block['block_id']}) is required: fill it in")
        return
    if element["type"] == "plain_text_input":
        _check_length(element, label, value)
    if element["type"] == "number_input":
        _check_number(element, label, value)


def _check_length(element: Json, label: str, value: str) -> None:
    longest, shortest = element.get("max_length", 3000), element.get("min_length", 0)
    if len(value) > longest:
        raise ImpossibleError(f"“{label}” takes {longest} characters, not {len(value)}")
    if len(value) < shortest:
        raise ImpossibleError(f"“{label}” needs {shortest} characters, not {len(value)}")


def _check_number(element: Json, label: str, value: str) -> None:
    try:
        number = Decimal(value)
    except InvalidOperation as malformed:
        raise ImpossibleError(f"“{label}” takes a number, not {value}") from malformed
    if number % 1 and not element["is_decimal_allowed"]:
        raise ImpossibleError(f"“{label}” takes a whole number, not {value}")
    least, most = element.get("min_value"), element.get("max_value")
    if (least and number < Decimal(least)) or (most and number > Decimal(most)):
        raise ImpossibleError(f"“{label}” takes {least or 'any'} to {most or 'any'}, not {value}")
