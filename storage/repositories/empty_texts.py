"""Stored JSON that has "" where the domain has None."""

from typing import Any

from bot.json_types import Json

Path = tuple[str, ...]  # the keys that lead to a text; every entry of a list is followed


def none_to_empty(facts: Json, *paths: Path) -> Json:
    """Return the facts as they are stored: with "" in place of None at the paths."""
    for path in paths:
        facts = _replaced(facts, path, None, "")
    return facts


def empty_to_none(facts: Json, *paths: Path) -> Json:
    """Return stored facts with None in place of "" at the paths."""
    for path in paths:
        facts = _replaced(facts, path, "", None)
    return facts


def _replaced(value: Any, path: Path, old: str | None, new: str | None) -> Any:
    if isinstance(value, list | tuple):
        return [_replaced(entry, path, old, new) for entry in value]
    if not path:
        return new if value == old else value
    if isinstance(value, dict) and path[0] in value:
        return value | {path[0]: _replaced(value[path[0]], path[1:], old, new)}
    return value
