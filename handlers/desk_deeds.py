"""The words of `/desk` that change something."""

import re
from datetime import date, datetime

from bot.domain.cause import Cause
from bot.domain.client import StaffMember
from bot.errors import Refusal
from bot.usecases import (
    being_away,
    cancelling,
    categorising,
    merging,
    noting,
    owning,
    resolving,
    snoozing,
    subscribing,
    triage,
    waiting,
    waiving,
)
from bot.usecases.being_away import hours_of_staff
from bot.usecases.causes import late_story, set_cause
from bot.usecases.desk import Desk
from bot.usecases.digesting import send_as_csv
from bot.usecases.duties import duties_of, mark_duty
from bot.usecases.given_time import time_to_come
from bot.usecases.subscribing import subscribed, unsubscribe
from bot.views.cause import story_text
from bot.views.duties import duties_text
from bot.views.text import moment
from handlers.asked import REVIEWED, Answer, Asked, as_typed

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


async def take(desk: Desk, asked: Asked) -> Answer:
    return f"You have {(await owning.take(desk, asked.key, asked.actor)).key}."


async def assign(desk: Desk, asked: Asked) -> Answer:
    to = await _person(desk, asked)
    ticket = await owning.assign(desk, asked.key, asked.actor, to)
    return f"<@{to}> has {ticket.key}."


async def _person(desk: Desk, asked: Asked) -> str:
    """A mention, *me*, or the name of somebody on staff."""
    words = asked.rest.strip()
    if found := _MENTION.fullmatch(words):
        return found[1]
    if words.lower() == "me":
        return asked.actor
    name = words.removeprefix("@").casefold()
    named = [one for one in await desk.work.staff.all() if _is_called(one, name)]
    if len(named) == 1:
        return named[0].user_id
    who = "Several people are called so" if named else "Say who"
    example = f"assign {asked.key}" if asked.key else "away"
    raise Refusal(f"{who}: mention them, as in */desk {example} @dana*.")


def _is_called(member: StaffMember, name: str) -> bool:
    return name != "" and member.name.casefold() == name


async def wait(desk: Desk, asked: Asked) -> Answer:
    return (
        f"{(await waiting.wait_on_client(desk, asked.key, asked.actor)).key} waits on the client."
    )


async def go_on(desk: Desk, asked: Asked) -> Answer:
    return f"{(await waiting.wait_no_longer(desk, asked.key, asked.actor)).key} waits no longer."


async def severity(desk: Desk, asked: Asked) -> Answer:
    severity, *since = asked.rest.lower().split() or [""]
    if not severity:
        raise Refusal(f"Say how severe, as in */desk severity {asked.key} high*, or *high now*.")
    from_now = since == ["now"]
    ticket = await triage.decide_severity(desk, asked.key, asked.actor, severity, from_now=from_now)
    return f"{ticket.key} is {ticket.severity} {'from now on' if from_now else 'from the start'}."


async def category(desk: Desk, asked: Asked) -> Answer:
    category = asked.rest.lower().strip()
    if not category:
        raise Refusal(f"Say which kind of work, as in */desk category {asked.key} bug*.")
    ticket = await categorising.categorise(desk, asked.key, asked.actor, category)
    covered = "" if ticket.counted else ", which does not count against the plan"
    return f"{ticket.key} is of the kind {ticket.category}{covered}."


async def fault(desk: Desk, asked: Asked) -> Answer:
    why = _why(asked, "it was our own fault", f"fault {asked.key} our update broke it")
    ticket = await categorising.own_fault(desk, asked.key, asked.actor, why)
    counts = "counts against the plan" if ticket.counted else "does not count against the plan"
    return f"{ticket.key} {counts}."


async def cause(desk: Desk, asked: Asked) -> Answer:
    said, _, words = asked.rest.partition(" ")
    if said:
        ticket = await set_cause(desk, asked.key, asked.actor, said.lower(), as_typed(words))
        return f"{ticket.key} was late: {Cause(ticket.cause).words}."
    story = await late_story(desk, asked.key, asked.actor)
    choices = f"*/desk cause {story.sheet.ticket.key} {'|'.join(Cause)}* says why."
    return f"{story_text(story.sheet, story.passages)}\n{choices}"


def _why(asked: Asked, what: str, example: str) -> str:
    """The reason that was given, "" where it is taken back. Raises Refusal where there is none."""
    why = as_typed(asked.rest)
    if not why:
        raise Refusal(f"Say why {what}, as in */desk {example}*; *no* takes it back.")
    return "" if why.lower() == "no" else why


async def waive(desk: Desk, asked: Asked) -> Answer:
    why = _why(asked, "nothing is charged", f"waive {asked.key} they waited for us")
    ticket = await waiving.waive(desk, asked.key, asked.actor, why)
    return f"{ticket.key} {'costs nothing' if ticket.waived else 'costs what its plan says'}."


async def snooze(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        raise Refusal(f"Say until when, as in */desk snooze {asked.key} 2h*; *no* wakes it.")
    no = asked.rest.lower() == "no"
    until = None if no else time_to_come(asked.rest, desk.places.zone, desk.now)
    ticket = await snoozing.snooze(desk, asked.key, asked.actor, until)
    if until is None:
        return f"{ticket.key} sleeps no longer."
    return f"{ticket.key} is out of the queue until {moment(until, desk.places.zone)}."


async def away(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        gone = await being_away.away_now(desk, asked.actor)
        lines = [
            f"<@{one.user_id}> is away until {_when(desk, one.away_until)}"
            f"{f', <@{one.cover}> covers' if one.cover else ''}."
            for one in gone
        ]
        return "\n".join(lines) or "Nobody is away: */desk away 3d* says that you are."
    first, _, rest = asked.rest.partition(" ")
    is_named = first.startswith(("@", "<@"))
    who = await _person(desk, Asked(asked.actor, "", first)) if is_named else asked.actor
    words, _, covering = (rest if is_named else asked.rest).partition("cover ")
    words = words.removeprefix("until ").strip()
    cover = await _person(desk, Asked(asked.actor, "", covering)) if covering else None
    until = None if words.lower() == "no" else time_to_come(words, desk.places.zone, desk.now)
    await being_away.go_away(desk, asked.actor, who, until, cover if until else None)
    if until is None:
        return f"<@{who}> is back."
    instead = f"<@{cover}> is told instead" if cover else "others are told instead"
    return f"<@{who}> is away until {_when(desk, until)}: {instead}."


async def hours(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        found = [one for one in await hours_of_staff(desk, asked.actor) if one.hours]
        lines = [f"<@{one.user_id}>: {one.hours} ({one.zone})" for one in found]
        return "\n".join(lines) or (
            "Nobody has working hours, so that everybody is told at any time:"
            " */desk hours Mon-Fri 09:00-18:00* sets yours."
        )
    first, _, rest = asked.rest.partition(" ")
    is_named = first.startswith(("@", "<@"))
    who = await _person(desk, Asked(asked.actor, "", first)) if is_named else asked.actor
    words = rest.strip() if is_named else asked.rest
    windows, _, zone = words.rpartition(" ")
    if "/" not in zone and zone != "UTC":
        windows, zone = words, desk.places.zone
    windows = "" if windows.lower() == "no" else windows
    await being_away.set_hours(desk, asked.actor, who, windows, zone)
    if not windows:
        return f"<@{who}> is told at any time."
    return f"<@{who}> works {windows} ({zone}): what a plan does not cover then waits until then."


def _when(desk: Desk, at: datetime | None) -> str:
    return moment(at, desk.places.zone) if at else "they say so"


async def duties(desk: Desk, asked: Asked) -> Answer:
    match asked.rest.split():
        case []:
            found = await duties_of(desk, asked.actor)
            return duties_text(
                "Duties, overdue or due soon", found, nothing="No duty is overdue or due soon."
            )
        case [client]:
            found = await duties_of(desk, asked.actor, client)
            nothing = f"{client.upper()} has no duty open."
            return duties_text(f"Duties of {client.upper()}", found, nothing=nothing)
        case [client, duty, day, *rest] if rest in ([], ["no"]):
            last, done = _day(day), not rest
            marked = await mark_duty(desk, asked.actor, client, duty.lower(), last, done=done)
            return f"{duty.lower()} of {marked.key} by {last} is {'done' if done else 'not done'}."
    raise Refusal("Say what is done, as in */desk duties ACME account-review 2026-06-30*.")


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Refusal(
            f"“{words[:40]}” is no day: write it as */desk duties* lists it, like 2026-06-30."
        ) from None


async def subscribe(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        lines = [f"<#{place}>: {what}" for place, what in await subscribed(desk, asked.actor)]
        return "\n".join(lines) or (
            "No channel reads a digest of its own: type */desk subscribe CLIENT* in the channel."
        )
    if asked.place is None:
        raise Refusal("Slack does not say what channel this is: please try again.")
    if asked.rest.lower() == "no":
        await unsubscribe(desk, asked.actor, asked.place.channel_id)
        return "This channel reads no digest any more."
    what = await subscribing.subscribe(desk, asked.actor, asked.place, asked.rest)
    return f"This channel reads the digest of {what} each morning."


async def csv(desk: Desk, asked: Asked) -> Answer:
    when = asked.rest.lower()
    if when and when not in REVIEWED:
        raise Refusal(f"Say of which days: {', '.join(REVIEWED)}; */desk csv* alone is of now.")
    await send_as_csv(desk, asked.actor, REVIEWED.get(when))
    return "The file is on its way to you, in your messages with me."


async def merge(desk: Desk, asked: Asked) -> Answer:
    into = asked.rest.upper().split()[-1:]  # "ACME-2 ACME-1", or "ACME-2 into ACME-1"
    if not into:
        raise Refusal(f"Say which ticket it goes into, as in */desk merge {asked.key} ACME-1*.")
    ticket = await merging.merge(desk, asked.key, asked.actor, into[0])
    return f"{ticket.key} goes on as part of {ticket.merged_into}."


async def dismiss(desk: Desk, asked: Asked) -> Answer:
    return f"{(await cancelling.dismiss(desk, asked.key, asked.actor)).key} was no ticket."


async def resolve(desk: Desk, asked: Asked) -> Answer:
    ticket = await resolving.resolve(desk, asked.key, asked.actor, as_typed(asked.rest))
    told = ", and the client is told what was done" if ticket.channel_id else ""
    return f"{ticket.key} is resolved{told}."


async def reopen(desk: Desk, asked: Asked) -> Answer:
    return f"{(await resolving.reopen(desk, asked.key, asked.actor)).key} is open again."


async def note(desk: Desk, asked: Asked) -> Answer:
    ticket = await noting.note(desk, asked.key, asked.actor, as_typed(asked.rest))
    return f"Your note is in the thread of {ticket.key} in triage."
