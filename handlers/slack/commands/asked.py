"""What somebody asks with `/desk`, and what answers it."""

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import Place
from bot.views.message import Message

_NAMED = re.compile(r"<([@#])\w+\|([^>]*)>")  # a person or a channel
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
REVIEWED = {"yesterday": 1, "week": 7, "month": 30}  # whole days before today
Answer = str | Message | Json  # the last: a dialog that is opened


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed after the word: the ticket's key, if the word is about one, and the rest
    as it was typed."""

    actor: str
    key: str
    rest: str
    place: Place | None = None  # where it was typed, of a word that must know


@dataclass(frozen=True, slots=True)
class Word:
    """`usage` follows the word itself. One that `changes` something has a writing transaction."""

    does: Callable[[Desk, Asked], Awaitable[Answer]]
    usage: str
    meaning: str
    changes: bool = False
    needs_place: bool = False

    @property
    def is_about_a_ticket(self) -> bool:
        return self.usage.startswith("KEY")


def as_typed(words: str) -> str:
    """As they were before Slack put people, channels and links in brackets."""
    return html.unescape(_LINK.sub(r"\1", _NAMED.sub(r"\1\2", words)))
