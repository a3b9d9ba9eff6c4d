"""Text as people typed it, before Slack marked it up, and the people that it names."""

import html
import re

from bot.domain.ids import UserId
from bot.domain.operations.refusals import PersonUnclear
from bot.domain.operations.staff import StaffMember
from bot.domain.tickets.refusals import Reason, ReasonMissing
from bot.usecases.desk import Desk
from handlers.slack.feature import Asked

_NAMED = re.compile(r"<([@#])\w+\|([^>]*)>")  # a person or a channel
_LINK = re.compile(r"<((?:https?|mailto):[^|>]+)(?:\|[^>]*)?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def as_typed(words: str) -> str:
    """Return text as it was before Slack put people, channels and links in brackets."""
    return html.unescape(_LINK.sub(r"\1", _NAMED.sub(r"\1\2", words)))


def reason(asked: Asked, missing: Reason) -> str | None:
    """Return the typed reason, None for *no*, which takes the reason back.

    Raises Refusal, which names the `missing` reason, if there are no words.
    """
    typed = as_typed(asked.rest)
    if not typed:
        raise ReasonMissing(asked.key, missing)
    return None if typed.lower() == "no" else typed


async def person(desk: Desk, asked: Asked) -> UserId:
    """Return the user ID for a mention, *me*, or the name of a staff member.

    Raises Refusal if the name is unknown or ambiguous.
    """
    words = asked.rest.strip()
    if mention := _MENTION.fullmatch(words):
        return UserId(mention[1])
    if words.lower() == "me":
        return asked.actor
    name = words.removeprefix("@").casefold()
    named = [member for member in await desk.work.staff.all() if _is_called(member, name)]
    if len(named) == 1:
        return named[0].user_id
    raise PersonUnclear(bool(named), asked.key or None)


def _is_called(member: StaffMember, name: str) -> bool:
    return member.name is not None and member.name.casefold() == name
