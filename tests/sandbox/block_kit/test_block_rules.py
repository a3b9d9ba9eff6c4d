"""The limits of Block Kit. A value at the limit is accepted, a larger value is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.block_kit.blocks import check_message_blocks, check_view, with_identifiers
from bot.sandbox.errors import SlackError

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def section(**extra: Any) -> Json:
    return {"type": "section", "text": mrkdwn("words")} | extra


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**extra: Any) -> Json:
    return {"type": "button", "text": plain("Press")} | extra


def option(value: str = "v", words: str = "Words", **extra: Any) -> Json:
    return {"text": plain(words), "value": value} | extra


def select(count: int = 1, **extra: Any) -> Json:
    return {"type": "static_select", "options": [option(str(n)) for n in range(count)]} | extra


def confirm(**extra: Any) -> Json:
    words: Json = {"title": plain("Sure?"), "text": mrkdwn("Really")}
    return words | {"confirm": plain("Yes"), "deny": plain("No")} | extra


def image(**extra: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"} | extra


LIMITS: dict[str, Callable[[int], list[Json]]] = {
    "50 blocks": lambda n: [{"type": "divider"}] * (50 + n),
    "section text 3,000": lambda n: [section(text=mrkdwn("a" * (3000 + n)))],
    "fields 10": lambda n: [section(fields=[mrkdwn("a")] * (10 + n))],
    "field text 2,000": lambda n: [section(fields=[mrkdwn("a" * (2000 + n))])],
    "header 150": lambda n: [{"type": "header", "text": plain("a" * (150 + n))}],
    "context elements 10": lambda n: [{"type": "context", "elements": [mrkdwn("a")] * (10 + n)}],
    "actions elements 25": lambda n: [actions(*[button()] * (25 + n))],
    "button text 75": lambda n: [actions(button(text=plain("a" * (75 + n))))],
    "button value 2,000": lambda n: [actions(button(value="a" * (2000 + n)))],
    "button url 3,000": lambda n: [actions(button(url="https://" + "a" * (2992 + n)))],
    "action_id 255": lambda n: [actions(button(action_id="a" * (255 + n)))],
    "block_id 255": lambda n: [section(block_id="a" * (255 + n))],
    "options 100": lambda n: [actions(select(100 + n))],
    "option text 75": lambda n: [actions(select(0, options=[option("v", "a" * (75 + n))]))],
    "option value 150": lambda n: [actions(select(0, options=[option("a" * (150 + n))]))],
    "placeholder 150": lambda n: [actions(select(placeholder=plain("a" * (150 + n))))],
    "overflow options 5": lambda n: [
        section(accessory={"type": "overflow", "options": [option(str(i)) for i in range(5 + n)]})
    ],
    "confirm title 100": lambda n: [actions(button(confirm=confirm(title=plain("a" * (100 + n)))))],
    "confirm text 300": lambda n: [actions(button(confirm=confirm(text=mrkdwn("a" * (300 + n)))))],
    "confirm button 30": lambda n: [
        actions(button(confirm=confirm(confirm=plain("a" * (30 + n)))))
    ],
    "confirm deny 30": lambda n: [actions(button(confirm=confirm(deny=plain("a" * (30 + n)))))],
    "image alt text 2,000": lambda n: [image(alt_text="a" * (2000 + n))],
    "checkboxes 10": lambda n: [
        actions({"type": "checkboxes", "options": [option(str(i)) for i in range(10 + n)]})
    ],
}


@pytest.mark.parametrize("limit", LIMITS)
def test_a_length_limit_is_exact(limit: str) -> None:
    """Block Kit reference: each field's "Maximum length for the text in this field"."""
    check_message_blocks(LIMITS[limit](0))
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_message_blocks(LIMITS[limit](1))


FAULTY: dict[str, Any] = {
    "an unknown block": {"type": "carousel"},
    "no type": {"text": mrkdwn("a")},
    "not an object": "words",
    "a section without words": {"type": "section"},
    "an empty text": section(text=mrkdwn("")),
    "a text that is a string": section(text="words"),
    "a header in mrkdwn": {"type": "header", "text": mrkdwn("a")},
    "a button in mrkdwn": actions(button(text=mrkdwn("a"))),
    "a button in an unknown style": actions(button(style="warning")),
    "an address without a scheme": actions(button(url="example.com")),
    "a property nobody knows": section(colour="red"),
    "no elements": actions(),
    "a context with a button": {"type": "context", "elements": [button()]},
    "an unknown element": actions({"type": "slider"}),
    "an input as an action": actions({"type": "plain_text_input", "action_id": "a"}),
    "a menu without options": actions({"type": "static_select"}),
    "an initial option that is not offered": actions(select(initial_option=option("x"))),
    "an option without a value": actions(select(0, options=[{"text": plain("a")}])),
    "a dialog without a title": actions(button(confirm=confirm(title=None))),
    "an image without an alternative": {"type": "image", "image_url": "https://a.b/c.png"},
    "an image from nowhere": {"type": "image", "alt_text": "a"},
    "an input without a label": {
        "type": "input",
        "element": {"type": "plain_text_input", "action_id": "a"},
    },
    "two elements with one action_id": actions(button(action_id="same"), button(action_id="same")),
}


@pytest.mark.parametrize("what", FAULTY)
def test_an_invalid_block_is_refused(what: str) -> None:
    """Block Kit reference: required fields, types of text, numbers of items, unknown fields."""
    with pytest.raises(SlackError) as caught:
        check_message_blocks([FAULTY[what]])
    assert caught.value.error == "invalid_blocks"
    assert all("[json-pointer:/blocks/0" in problem for problem in caught.value.messages)


def test_block_ids_are_unique_and_action_ids_are_unique_in_their_block() -> None:
    """`action_id` "should be unique among all other action_ids in the containing block"."""
    check_message_blocks([actions(button(action_id="same")), actions(button(action_id="same"))])
    with pytest.raises(SlackError, match="block_id `x` already exists"):
        check_message_blocks([section(block_id="x"), section(block_id="x")])


def test_missing_identifiers_are_generated() -> None:
    """block_id: Slack generates a value if the block has none."""
    blocks = with_identifiers([actions(button(), button(action_id="mine")), section()])
    assert [element["action_id"] for element in blocks[0]["elements"]] == ["b0-0", "mine"]
    assert blocks[1]["block_id"] == "b1"


def modal(**extra: Any) -> Json:
    view: Json = {"type": "modal", "title": plain("Title"), "blocks": [section()]}
    return view | extra


FIELD = {
    "type": "input",
    "label": plain("Words"),
    "element": {"type": "plain_text_input", "action_id": "a"},
}

VIEW_LIMITS: dict[str, Callable[[int], Json]] = {
    "title 24": lambda n: modal(title=plain("a" * (24 + n))),
    "submit 24": lambda n: modal(submit=plain("a" * (24 + n))),
    "close 24": lambda n: modal(close=plain("a" * (24 + n))),
    "private_metadata 3,000": lambda n: modal(private_metadata="a" * (3000 + n)),
    "callback_id 255": lambda n: modal(callback_id="a" * (255 + n)),
    "100 blocks": lambda n: modal(blocks=[{"type": "divider"}] * (100 + n)),
    "input label 2,000": lambda n: modal(
        submit=plain("Send"), blocks=[FIELD | {"label": plain("a" * (2000 + n))}]
    ),
    "max_length 3,000": lambda n: modal(
        submit=plain("Send"),
        blocks=[FIELD | {"element": {"type": "plain_text_input", "max_length": 3000 + n}}],
    ),
}


@pytest.mark.parametrize("limit", VIEW_LIMITS)
def test_a_length_limit_of_a_view_is_exact(limit: str) -> None:
    """View object: title 24 characters, private_metadata 3,000, callback_id 255, 100 blocks."""
    check_view(VIEW_LIMITS[limit](0), kind="modal")
    with pytest.raises(SlackError) as caught:
        check_view(VIEW_LIMITS[limit](1), kind="modal")
    assert caught.value.error == "invalid_arguments"
    assert "[json-pointer:/view/" in caught.value.messages[0]


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    """submit: "required when an input block is within the blocks array"."""
    check_view(modal(submit=plain("Send"), blocks=[FIELD]), kind="modal")
    with pytest.raises(SlackError, match="submit is required"):
        check_view(modal(blocks=[FIELD]), kind="modal")


def test_a_modal_is_not_accepted_as_home_nor_a_home_as_modal() -> None:
    """View object: `type` is "modal" or "home", and a home has no title."""
    check_view({"type": "home", "blocks": []}, kind="home")
    with pytest.raises(SlackError, match="/view/type"):
        check_view(modal(), kind="home")
    with pytest.raises(SlackError, match="/view/type"):
        check_view({"type": "home", "blocks": []}, kind="modal")
    with pytest.raises(SlackError, match="missing required field: title"):
        check_view({"type": "modal", "blocks": []}, kind="modal")
