"""The subcommands of `/desk` about staff, notifications and reports."""

from datetime import date, datetime

from bot.domain.agreements.refusals import DutyMissing, NotADutysDay
from bot.domain.reports.refusals import ChannelUnknown, NoSuchDays
from bot.domain.sla.calendars.parse_time_input import time_to_come
from bot.usecases.agreements.recurring_tasks import duties_of, mark_duty
from bot.usecases.desk import Desk
from bot.usecases.operations import absence
from bot.usecases.operations.absence import hours_of_staff
from bot.usecases.reports import subscriptions as subscribing
from bot.usecases.reports.digest import send_as_csv
from bot.usecases.reports.subscriptions import subscribed, unsubscribe
from bot.views.agreements.recurring_tasks import duties_text
from bot.views.text import moment
from handlers.slack.commands.asked import REVIEWED, Answer, Asked
from handlers.slack.commands.people import person


async def away(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        gone = await absence.away_now(desk, asked.actor)
        lines = [
            f"<@{member.user_id}> is away until {_when(desk, member.away_until)}"
            f"{f', <@{member.cover}> covers' if member.cover else ''}."
            for member in gone
        ]
        return "\n".join(lines) or "Nobody is away: */desk away 3d* says that you are."
    first, _, rest = asked.rest.partition(" ")
    is_named = first.startswith(("@", "<@"))
    who = await person(desk, Asked(asked.actor, "", first)) if is_named else asked.actor
    words, _, covering = (rest if is_named else asked.rest).partition("cover ")
    words = words.removeprefix("until ").strip()
    cover = await person(desk, Asked(asked.actor, "", covering)) if covering else None
    until = None if words.lower() == "no" else time_to_come(words, desk.places.zone, desk.now)
    await absence.go_away(desk, asked.actor, who, until, cover if until else None)
    if until is None:
        return f"<@{who}> is back."
    instead = f"<@{cover}> is told instead" if cover else "others are told instead"
    return f"<@{who}> is away until {_when(desk, until)}: {instead}."


def _when(desk: Desk, at: datetime | None) -> str:
    return moment(at, desk.places.zone) if at else "they say so"


async def hours(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        members = [member for member in await hours_of_staff(desk, asked.actor) if member.hours]
        lines = [f"<@{member.user_id}>: {member.hours} ({member.zone})" for member in members]
        return "\n".join(lines) or (
            "Nobody has working hours, so that everybody is told at any time:"
            " */desk hours Mon-Fri 09:00-18:00* sets yours."
        )
    first, _, rest = asked.rest.partition(" ")
    is_named = first.startswith(("@", "<@"))
    who = await person(desk, Asked(asked.actor, "", first)) if is_named else asked.actor
    words = rest.strip() if is_named else asked.rest
    windows, _, zone = words.rpartition(" ")
    if "/" not in zone and zone != "UTC":
        windows, zone = words, desk.places.zone
    windows = "" if windows.lower() == "no" else windows
    await absence.set_hours(desk, asked.actor, who, windows, zone)
    if not windows:
        return f"<@{who}> is told at any time."
    return f"<@{who}> works {windows} ({zone}): what a plan does not cover then waits until then."


async def duties(desk: Desk, asked: Asked) -> Answer:
    match asked.rest.split():
        case []:
            duties = await duties_of(desk, asked.actor)
            return duties_text(
                "Duties, overdue or due soon", duties, nothing="No duty is overdue or due soon."
            )
        case [client]:
            duties = await duties_of(desk, asked.actor, client)
            nothing = f"{client.upper()} has no duty open."
            return duties_text(f"Duties of {client.upper()}", duties, nothing=nothing)
        case [client, duty, day, *rest] if rest in ([], ["no"]):
            last, done = _day(day), not rest
            marked = await mark_duty(desk, asked.actor, client, duty.lower(), last, done=done)
            return f"{duty.lower()} of {marked.key} by {last} is {'done' if done else 'not done'}."
    raise DutyMissing


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise NotADutysDay(words) from None


async def subscribe(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        lines = [f"<#{place}>: {what}" for place, what in await subscribed(desk, asked.actor)]
        return "\n".join(lines) or (
            "No channel reads a digest of its own: type */desk subscribe CLIENT* in the channel."
        )
    if asked.place is None:
        raise ChannelUnknown
    if asked.rest.lower() == "no":
        await unsubscribe(desk, asked.actor, asked.place.channel_id)
        return "This channel reads no digest any more."
    what = await subscribing.subscribe(desk, asked.actor, asked.place, asked.rest)
    return f"This channel reads the digest of {what} each morning."


async def csv(desk: Desk, asked: Asked) -> Answer:
    when = asked.rest.lower()
    if when and when not in REVIEWED:
        raise NoSuchDays("csv", tuple(REVIEWED))
    await send_as_csv(desk, asked.actor, REVIEWED.get(when))
    return "The file is on its way to you, in your messages with me."
