"""Slack's mrkdwn and blocks as plain text for readers."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from html import unescape

from bot.sandbox import Message
from bot.sandbox.json_types import Json

_DATE = re.compile(r"<!date\^(\d+)\^[^>]*>")
_PERSON = re.compile(r"<@([A-Z0-9]+)>")
_LINK = re.compile(r"<(?:https?|mailto):[^>|]*\|([^>]*)>")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}

NameOf = Callable[[str], str]


def lines_of(message: Message) -> list[str]:
    """Return the lines of a message as mrkdwn; a row of buttons is a line."""
    if not message.blocks:
        pictures = [f"[picture] {file['title']}" for file in message.files]
        return [*message.text.splitlines(), *pictures]
    return [line for block in message.blocks for line in _lines_of_block(block)]


def is_controls(line: str) -> bool:
    """Return whether a line is a row of buttons and menus."""
    return line.startswith("[") and line.endswith("]")


def running_text(lines: list[str]) -> str:
    """Join the lines to a paragraph, with a dot after lines that do not end a sentence."""
    text = ""
    for line in lines:
        join = "" if not text else " " if text[-1] in ".!?”:" else " · "
        text = f"{text}{join}{line}"
    return text


class Reader:
    """Renders mrkdwn for a reader in `zone`; `name_of` returns a person's name by user ID."""

    def __init__(self, zone: tzinfo, name_of: NameOf) -> None:
        self._zone = zone
        self.name_of = name_of

    def read(self, mrkdwn: str, now: datetime) -> str:
        """Return mrkdwn with local times, people's names, and labels of links; bold words keep
        their asterisks.

        Slack's `{date_short_pretty}` becomes "today", "yesterday" or "tomorrow" where possible.
        """
        shown = _DATE.sub(lambda match: self._moment(int(match[1]), now), mrkdwn)
        shown = _PERSON.sub(lambda match: f"@{self.name_of(match[1])}", shown)
        return unescape(_LINK.sub(r"\1", shown))

    def _moment(self, seconds: int, now: datetime) -> str:
        local = datetime.fromtimestamp(seconds, UTC).astimezone(self._zone)
        away = (local.date() - now.astimezone(self._zone).date()).days
        day = _NEAR.get(away, f"{local:%a} {local.day} {local:%b}")
        return f"{day} at {local:%H:%M}"


def _lines_of_block(block: Json) -> Iterator[str]:
    if block["type"] == "actions":
        yield " ".join(_control(element) for element in block["elements"])
    elif block["type"] == "header":
        yield f"*{block['text']['text']}*"
    else:
        yield from (_unquoted(line) for line in block["text"]["text"].splitlines())


def _unquoted(line: str) -> str:
    return f"“{line[1:].strip()}”" if line.startswith(">") else line


def _control(element: Json) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    if element["type"] == "overflow":
        return "[…]"
    chosen = element.get("initial_option", {}).get("text") or element["placeholder"]
    return f"[{chosen['text']} ▾]"
