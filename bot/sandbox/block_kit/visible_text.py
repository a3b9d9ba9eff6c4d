"""The text that a reader sees in Block Kit."""

from typing import Any

_TEXT_FIELDS = ("text", "alt_text", "title", "fallback", "pretext")


def visible_text(node: Any) -> list[str]:
    """Return the visible strings in `node` in reading order, without identifiers and values.

    The text of confirmation dialogs and menus counts as visible, because a press shows it.
    """
    texts: list[str] = []
    _collect(node, texts)
    return texts


def _collect(node: Any, texts: list[str]) -> None:
    if isinstance(node, str):
        if node:
            texts.append(node)
    elif isinstance(node, list):
        for item in node:
            _collect(item, texts)
    elif isinstance(node, dict):
        _collect_from_object(node, texts)


def _collect_from_object(node: dict[str, Any], texts: list[str]) -> None:
    if node.get("type") == "user" and "user_id" in node:
        texts.append(f"<@{node['user_id']}>")
    for key, value in node.items():
        if isinstance(value, list):
            # Plain strings in a list are identifiers.
            _collect([item for item in value if isinstance(item, dict | list)], texts)
        elif isinstance(value, dict) or key in _TEXT_FIELDS:
            _collect(value, texts)
