"""The text that a reader sees in Block Kit."""

from collections.abc import Iterator
from typing import Any

_TEXT_FIELDS = ("text", "alt_text", "title", "fallback", "pretext")


def visible_text(node: Any) -> Iterator[str]:
    """Yield the visible strings in `node` in reading order, without identifiers and values.

    The text of confirmation dialogs and menus counts as visible, because a press shows it.
    """
    if isinstance(node, str):
        if node:
            yield node
    elif isinstance(node, list):
        for item in node:
            yield from visible_text(item)
    elif isinstance(node, dict):
        yield from _text_of_object(node)


def _text_of_object(node: dict[str, Any]) -> Iterator[str]:
    if node.get("type") == "user" and "user_id" in node:
        yield f"<@{node['user_id']}>"
    for key, value in node.items():
        if isinstance(value, dict | list) or key in _TEXT_FIELDS:
            yield from visible_text(value if not isinstance(value, list) else _objects(value))


def _objects(items: list[Any]) -> list[Any]:
    """Return the objects and lists in `items`: plain strings in a list are identifiers."""
    return [item for item in items if isinstance(item, dict | list)]
