"""Say who is away and who covers, and set working hours."""

from bot.domain.ids import UserId
from bot.domain.sla.calendars.parse_time_input import time_to_come
from bot.usecases.desk import Desk
from bot.usecases.operations.absence import away_now, go_away, hours_of_staff, set_hours
from bot.views.operations import absence as view
from handlers.slack.feature import Answer, Asked, Feature, Word
from handlers.slack.typed_text import person


async def _answer_away(desk: Desk, asked: Asked) -> Answer:
    zone = desk.places.zone
    if not asked.rest:
        return view.away_list(await away_now(desk, asked.actor), zone)
    user_id, rest = await _person_first(desk, asked)
    words, _, covering = rest.partition("cover ")
    words = words.removeprefix("until ").strip()
    cover = await person(desk, Asked(asked.actor, "", covering)) if covering else None
    until = None if words.lower() == "no" else time_to_come(words, zone, desk.now)
    await go_away(desk, asked.actor, user_id, until, cover if until else None)
    return view.away(user_id, until, cover, zone)


async def _answer_hours(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        staff = await hours_of_staff(desk, asked.actor)
        return view.hours_list([member for member in staff if member.hours])
    user_id, rest = await _person_first(desk, asked)
    windows, _, zone = rest.strip().rpartition(" ")
    if "/" not in zone and zone != "UTC":
        windows, zone = rest.strip(), desk.places.zone
    hours = None if windows.lower() in {"", "no"} else windows
    await set_hours(desk, asked.actor, user_id, hours, zone)
    return view.hours(user_id, hours, zone)


async def _person_first(desk: Desk, asked: Asked) -> tuple[UserId, str]:
    """Return the user ID of the person who is named first, or of the actor, and the other words."""
    first, _, rest = asked.rest.partition(" ")
    if not first.startswith(("@", "<@")):
        return asked.actor, asked.rest
    return await person(desk, Asked(asked.actor, "", first)), rest


FEATURE = Feature(
    "absence",
    words=(
        Word("away", view.AWAY_USAGE, view.AWAY_MEANING, _answer_away, changes=True),
        Word("hours", view.HOURS_USAGE, view.HOURS_MEANING, _answer_hours, changes=True),
    ),
)
