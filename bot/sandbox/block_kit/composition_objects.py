"""The rules of Block Kit for composition objects: text, options, confirmation dialogs."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_kit.shapes import ByType, Rule, Shape, any_of, boolean, list_of, string, url


def plain_text(limit: int) -> Rule:
    """Return the rule for a `plain_text` object of 1 to `limit` characters."""
    return ByType({"plain_text": Shape({"text": string(limit, least=1)}, {"emoji": boolean})})


def any_text(limit: int) -> Rule:
    """Return the rule for a `plain_text` or `mrkdwn` object of 1 to `limit` characters."""
    text = {"text": string(limit, least=1)}
    return ByType(
        {
            "plain_text": Shape(text, {"emoji": boolean}),
            "mrkdwn": Shape(text, {"verbatim": boolean}),
        }
    )


CONFIRM = Shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": any_of("primary", "danger")},
)

PLAIN_OPTION = Shape(
    {"text": plain_text(75), "value": string(150, least=1)},
    {"description": plain_text(75), "url": url()},
)

OPTION = Shape(
    {"text": any_text(75), "value": string(150, least=1)},
    {"description": any_text(75), "url": url()},
)

OPTION_GROUP = Shape(
    {"label": plain_text(75), "options": list_of(PLAIN_OPTION, least=1, most=100)},
)

SLACK_FILE = Shape({}, {"id": string(255), "url": url()})

IMAGE_ELEMENT = Shape(
    {"alt_text": string(2000)},
    {"image_url": url(), "slack_file": SLACK_FILE},
    also=lambda value, pointer: exactly_one_of(value, pointer, "image_url", "slack_file"),
)


def exactly_one_of(value: dict[str, Any], pointer: str, *names: str) -> Iterator[str]:
    """Check that exactly a single property among `names` is present."""
    if sum(value.get(name) is not None for name in names) != 1:
        chosen = " or ".join(f"`{name}`" for name in names)
        yield f"must define either {chosen} [json-pointer:{pointer}]"
