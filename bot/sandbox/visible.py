"""The words a reader sees in a piece of Block Kit."""

from collections.abc import Iterator
from typing import Any

_WORDS = ("text", "alt_text", "title", "fallback", "pretext")


def visible_words(node: Any) -> Iterator[str]:
    """Each visible string in `node`, in reading order; identifiers and values are not visible.

    The words of confirmation dialogs and menus count, since one press shows them.
    """
    if isinstance(node, str):
        if node:
            yield node
    elif isinstance(node, list):
        for item in node:
            yield from visible_words(item)
    elif isinstance(node, dict):
        yield from _words_of_object(node)


def _words_of_object(node: dict[str, Any]) -> Iterator[str]:
    if node.get("type") == "user" and "user_id" in node:
        yield f"<@{node['user_id']}>"
    for key, value in node.items():
        if isinstance(value, dict | list) or key in _WORDS:
            yield from visible_words(value if not isinstance(value, list) else _objects(value))


def _objects(items: list[Any]) -> list[Any]:
    """Lists of bare strings are identifiers (filters, users), never words."""
    return [item for item in items if isinstance(item, dict | list)]
