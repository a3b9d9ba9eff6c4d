"""Format the valid choices for an error message, with the likely choice."""

from collections.abc import Iterable
from difflib import get_close_matches


def name_choices(choices: Iterable[str]) -> str:
    """Return the choices as "included, standard, priority or enterprise"."""
    *rest, last = choices
    return f"{', '.join(rest)} or {last}" if rest else last


def instead_of(wrong: str, choices: Iterable[str]) -> str:
    """Return advice for a mistyped word: a similar choice, or all choices if they are few."""
    known = list(choices)
    if close := get_close_matches(wrong, known, n=1):
        return f"did you mean {close[0]!r}?"
    return f"choose {name_choices(known)}" if 0 < len(known) <= 12 else "check the spelling"
