"""The answers of `/desk away` and `/desk hours`."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.operations.staff import StaffMember
from bot.views.text import moment

AWAY_USAGE = "[@person] [until] [3d | 2026-03-13 | no] [cover @person]"
AWAY_MEANING = "say until when you are away and who covers (managers: for whom), or see who is"
HOURS_USAGE = "[@person] [Mon-Fri 09:00-18:00 [ZONE] | no]"
HOURS_MEANING = "when you read what is not pressing (managers: who)"


def away_list(members: Sequence[StaffMember], zone: str) -> str:
    """Return who is away until when, shown in the IANA `zone`, and who covers."""
    lines = [
        f"<@{member.user_id}> is away until {_when(member.away_until, zone)}"
        f"{f', <@{member.cover}> covers' if member.cover else ''}."
        for member in members
    ]
    return "\n".join(lines) or "Nobody is away: */desk away 3d* says that you are."


def away(user_id: str, until: datetime | None, cover: str | None, zone: str) -> str:
    """Return the answer that a member of staff is away, or is back (`until` is None)."""
    if until is None:
        return f"<@{user_id}> is back."
    instead = f"<@{cover}> is told instead" if cover else "others are told instead"
    return f"<@{user_id}> is away until {_when(until, zone)}: {instead}."


def _when(at: datetime | None, zone: str) -> str:
    return moment(at, zone) if at else "they say so"


def hours_list(members: Sequence[StaffMember]) -> str:
    """Return the working hours of the members of staff who have any."""
    lines = [f"<@{member.user_id}>: {member.hours} ({member.zone})" for member in members]
    return "\n".join(lines) or (
        "Nobody has working hours, so that everybody is told at any time:"
        " */desk hours Mon-Fri 09:00-18:00* sets yours."
    )


def hours(user_id: str, windows: str | None, zone: str) -> str:
    """Return the answer that a member of staff has these working hours, None for none."""
    if windows is None:
        return f"<@{user_id}> is told at any time."
    return (
        f"<@{user_id}> works {windows} ({zone}): what a plan does not cover then waits until then."
    )
