"""The subcommands of `/desk`: their input and their form."""

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import Place
from bot.views.message import Message

_NAMED = re.compile(r"<([@#])\w+\|([^>]*)>")  # a person or a channel
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
REVIEWED = {"yesterday": 1, "week": 7, "month": 30}  # whole days before today
Answer = str | Message | Json  # Json is a dialog to open


@dataclass(frozen=True, slots=True)
class Asked:
    """The input of a subcommand: the ticket's key, if any, and the rest as it was typed."""

    actor: UserId
    key: str
    rest: str
    place: Place | None = None  # the channel, for subcommands that need it


@dataclass(frozen=True, slots=True)
class Word:
    """A subcommand of `/desk`.

    `usage` follows the subcommand itself. `changes` gives it a writing transaction.
    """

    does: Callable[[Desk, Asked], Awaitable[Answer]]
    usage: str
    meaning: str
    changes: bool = False
    needs_place: bool = False

    @property
    def is_about_a_ticket(self) -> bool:
        return self.usage.startswith("KEY")


def as_typed(words: str) -> str:
    """Return text as it was before Slack put people, channels and links in brackets."""
    return html.unescape(_LINK.sub(r"\1", _NAMED.sub(r"\1\2", words)))
