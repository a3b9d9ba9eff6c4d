"""The answers of `/desk help`, and the refusals of mistyped words."""

from collections.abc import Iterable, Sequence

USAGE = ""
MEANING = "this"


def help_line(word: str, usage: str, meaning: str) -> str:
    """Return the line of a word of `/desk`."""
    return f"*{' '.join(filter(None, ('/desk', word, usage)))}*: {meaning}."


def help_text(lines: Iterable[str]) -> str:
    """Return the answer of `/desk help`."""
    return "\n".join(lines)


def no_such_word(word: str, near: str | None) -> str:
    """Return the refusal of an unknown word; `near` is a similar word, None if there is none."""
    meant = f" Did you mean *{near}*?" if near else ""
    return f"There is no */desk {word[:40]}*.{meant} */desk help* lists every word."


def no_key(word: str) -> str:
    """Return the refusal of a word that needs a ticket and has none."""
    return f"Name the ticket, as in */desk {word} ACME-1*."


def similar_keys(keys: Sequence[str]) -> str:
    """Return the suggestion of similar ticket keys, "" if there are none."""
    return f" Did you mean {' or '.join(keys)}?" if keys else ""


def no_such_person(key: str, *, is_ambiguous: bool) -> str:
    """Return the refusal of a name that no member of staff has, or that several have.

    `key` is the ticket's key, "" without a ticket.
    """
    who = "Several people are called so" if is_ambiguous else "Say who"
    example = f"assign {key}" if key else "away"
    return f"{who}: mention them, as in */desk {example} @dana*."
