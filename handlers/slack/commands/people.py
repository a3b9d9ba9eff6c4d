"""People named in a command."""

import re

from bot.domain.ids import UserId
from bot.domain.operations.refusals import PersonUnclear
from bot.domain.operations.staff import StaffMember
from bot.usecases.desk import Desk
from handlers.slack.commands.asked import Asked

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


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
    raise PersonUnclear(bool(named), asked.key)


def _is_called(member: StaffMember, name: str) -> bool:
    return name != "" and member.name.casefold() == name
