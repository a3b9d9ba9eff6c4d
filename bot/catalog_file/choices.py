"""Naming the choices there are, and the likely one."""

from collections.abc import Iterable
from difflib import get_close_matches


def one_of(choices: Iterable[str]) -> str:
    """ "included, standard, priority or enterprise"."""
    *rest, last = choices
    return f"{', '.join(rest)} or {last}" if rest else last


def instead_of(wrong: str, choices: Iterable[str]) -> str:
    """The likely choice for a mistyped word, or all of them where there are few."""
    known = list(choices)
    if close := get_close_matches(wrong, known, n=1):
        return f"did you mean {close[0]!r}?"
    return f"choose {one_of(known)}" if 0 < len(known) <= 12 else "check the spelling"
