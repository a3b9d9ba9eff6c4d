"""The rules of Block Kit for interactive elements, with the documented limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.block_kit.composition_objects import (
    CONFIRM,
    IMAGE_ELEMENT,
    OPTION,
    OPTION_GROUP,
    PLAIN_OPTION,
    exactly_one_of,
    plain_text,
)
from bot.sandbox.block_kit.shapes import (
    Rule,
    Shape,
    any_of,
    anything,
    boolean,
    integer,
    list_of,
    problem,
    string,
    url,
)

_ACTION: Mapping[str, Rule] = {"action_id": string(255, least=1)}
_PLACED: Mapping[str, Rule] = {
    **_ACTION,
    "placeholder": plain_text(150),
    "focus_on_load": boolean,
    "confirm": CONFIRM,
}
_SEVERAL: Mapping[str, Rule] = {**_PLACED, "max_selected_items": integer(1, 100)}


def choices_of(element: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options of a menu, including options in groups."""
    groups = element.get("option_groups") or []
    options = element.get("options") or []
    return [*options, *(option for group in groups for option in group["options"])]


def _initial_among_options(element: dict[str, Any], pointer: str) -> Iterator[str]:
    chosen = element.get("initial_options") or [element.get("initial_option")]
    for option in chosen:
        if option is not None and option not in choices_of(element):
            yield problem("initial option must exactly match one of the options", pointer)


def _menu(element: dict[str, Any], pointer: str) -> Iterator[str]:
    yield from exactly_one_of(element, pointer, "options", "option_groups")
    if isinstance(element.get("options", []), list) and not element.get("option_groups"):
        yield from _initial_among_options(element, pointer)


_OPTIONS: Mapping[str, Rule] = {
    "options": list_of(PLAIN_OPTION, least=1, most=100),
    "option_groups": list_of(OPTION_GROUP, least=1, most=100),
}
_TEXT_INPUT: Mapping[str, Rule] = {
    **_PLACED,
    "initial_value": string(3000),
    "dispatch_action_config": anything,
}


def _picker(initial: str, rule: Rule) -> Shape:
    return Shape({}, {**_PLACED, initial: rule})


def _ticks(initial: str, rule: Rule) -> Shape:
    optional: Mapping[str, Rule] = {
        **_ACTION,
        "confirm": CONFIRM,
        "focus_on_load": boolean,
        initial: rule,
    }
    required = {"options": list_of(OPTION, least=1, most=10)}
    return Shape(required, optional, also=_initial_among_options)


BUTTON = Shape(
    {"text": plain_text(75)},
    {
        **_ACTION,
        "url": url(),
        "value": string(2000),
        "style": any_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = Shape(
    {"options": list_of(PLAIN_OPTION, least=1, most=5)}, {**_ACTION, "confirm": CONFIRM}
)
SELECT = Shape({}, {**_PLACED, **_OPTIONS, "initial_option": PLAIN_OPTION}, also=_menu)
MULTI_SELECT = Shape(
    {},
    {**_SEVERAL, **_OPTIONS, "initial_options": list_of(PLAIN_OPTION, least=1, most=100)},
    also=_menu,
)
PLAIN_TEXT_INPUT = Shape(
    {},
    {
        **_TEXT_INPUT,
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
    },
)
NUMBER_INPUT = Shape(
    {"is_decimal_allowed": boolean},
    {**_TEXT_INPUT, "min_value": string(100), "max_value": string(100)},
)
_PEOPLE = list_of(string(30), least=1, most=100)

INTERACTIVE: Mapping[str, Rule] = {
    "button": BUTTON,
    "overflow": OVERFLOW,
    "static_select": SELECT,
    "multi_static_select": MULTI_SELECT,
    "users_select": _picker("initial_user", string(30)),
    "multi_users_select": Shape({}, {**_SEVERAL, "initial_users": _PEOPLE}),
    "conversations_select": Shape(
        {},
        {
            **_PLACED,
            "initial_conversation": string(30),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": anything,
        },
    ),
    "channels_select": Shape(
        {}, {**_PLACED, "initial_channel": string(30), "response_url_enabled": boolean}
    ),
    "datepicker": _picker("initial_date", string(10, least=10)),
    "timepicker": Shape({}, {**_PLACED, "initial_time": string(5), "timezone": string(50)}),
    "datetimepicker": _picker("initial_date_time", integer(10**9, 10**10 - 1)),
    "checkboxes": _ticks("initial_options", list_of(OPTION, least=1, most=10)),
    "radio_buttons": _ticks("initial_option", OPTION),
}
INPUTS: Mapping[str, Rule] = {
    **{kind: rule for kind, rule in INTERACTIVE.items() if kind not in ("button", "overflow")},
    "plain_text_input": PLAIN_TEXT_INPUT,
    "number_input": NUMBER_INPUT,
    "email_text_input": Shape({}, _TEXT_INPUT),
    "url_text_input": Shape({}, _TEXT_INPUT),
    "file_input": Shape({}, {**_ACTION, "filetypes": anything, "max_files": integer(1, 10)}),
}
ACCESSORIES: Mapping[str, Rule] = {**INTERACTIVE, "image": IMAGE_ELEMENT}
