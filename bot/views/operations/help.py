"""The answers of `/desk help`, and the refusals of mistyped words."""

from collections.abc import Iterable

USAGE = ""
MEANING = "this"


def help_line(word: str, usage: str, meaning: str) -> str:
    """Return the line of a word of `/desk`."""
    return f"*{' '.join(filter(None, ('/desk', word, usage)))}*: {meaning}."


def help_text(lines: Iterable[str]) -> str:
    """Return the answer of `/desk help`."""
    return "\n".join(lines)
