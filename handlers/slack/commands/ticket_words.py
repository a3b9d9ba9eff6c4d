"""The subcommands of `/desk` that change something."""

from bot.domain.sla.calendars.parse_time_input import time_to_come
from bot.domain.tickets.cause import Cause
from bot.domain.tickets.refusals import (
    CategoryMissing,
    MergeTargetMissing,
    Reason,
    ReasonMissing,
    SeverityMissing,
    WakeTimeMissing,
)
from bot.usecases.desk import Desk
from bot.usecases.tickets.closing import dismiss as dismiss_module
from bot.usecases.tickets.closing import merge as merging
from bot.usecases.tickets.closing import reopen as reopen_module
from bot.usecases.tickets.closing import resolve as resolving
from bot.usecases.tickets.handling import assign as owning
from bot.usecases.tickets.handling import note as noting
from bot.usecases.tickets.handling import snooze as snoozing
from bot.usecases.tickets.handling import take as take_module
from bot.usecases.tickets.handling import wait as waiting
from bot.usecases.tickets.triage import category as categorising
from bot.usecases.tickets.triage import fault as fault_module
from bot.usecases.tickets.triage import severity as triage
from bot.usecases.tickets.triage import waive as waiving
from bot.usecases.tickets.triage.cause import late_story, set_cause
from bot.views.text import moment
from bot.views.tickets.causes import cause_words
from bot.views.tickets.triage.cause import story_text
from handlers.slack.commands.asked import Answer, Asked, as_typed
from handlers.slack.commands.people import person


async def take(desk: Desk, asked: Asked) -> Answer:
    return f"You have {(await take_module.take(desk, asked.key, asked.actor)).key}."


async def assign(desk: Desk, asked: Asked) -> Answer:
    to = await person(desk, asked)
    ticket = await owning.assign(desk, asked.key, asked.actor, to)
    return f"<@{to}> has {ticket.key}."


async def wait(desk: Desk, asked: Asked) -> Answer:
    return (
        f"{(await waiting.wait_on_client(desk, asked.key, asked.actor)).key} waits on the client."
    )


async def go_on(desk: Desk, asked: Asked) -> Answer:
    return f"{(await waiting.wait_no_longer(desk, asked.key, asked.actor)).key} waits no longer."


async def severity(desk: Desk, asked: Asked) -> Answer:
    severity, *since = asked.rest.lower().split() or [""]
    if not severity:
        raise SeverityMissing(asked.key)
    from_now = since == ["now"]
    ticket = await triage.decide_severity(desk, asked.key, asked.actor, severity, from_now=from_now)
    return f"{ticket.key} is {ticket.severity} {'from now on' if from_now else 'from the start'}."


async def category(desk: Desk, asked: Asked) -> Answer:
    category = asked.rest.lower().strip()
    if not category:
        raise CategoryMissing(asked.key)
    ticket = await categorising.categorise(desk, asked.key, asked.actor, category)
    covered = "" if ticket.counted else ", which does not count against the plan"
    return f"{ticket.key} is of the kind {ticket.category}{covered}."


async def fault(desk: Desk, asked: Asked) -> Answer:
    why = _why(asked, Reason.FAULT)
    ticket = await fault_module.own_fault(desk, asked.key, asked.actor, why)
    counts = "counts against the plan" if ticket.counted else "does not count against the plan"
    return f"{ticket.key} {counts}."


async def cause(desk: Desk, asked: Asked) -> Answer:
    cause, _, words = asked.rest.partition(" ")
    if cause:
        ticket = await set_cause(desk, asked.key, asked.actor, cause.lower(), as_typed(words))
        return f"{ticket.key} was late: {cause_words(Cause(cause.lower()))}."
    story = await late_story(desk, asked.key, asked.actor)
    choices = f"*/desk cause {story.ticket_view.ticket.key} {'|'.join(Cause)}* says why."
    return f"{story_text(story.ticket_view, story.passages)}\n{choices}"


def _why(asked: Asked, reason: Reason) -> str:
    """Return the reason that was given, "" if it is cleared. Raises Refusal if there is none."""
    why = as_typed(asked.rest)
    if not why:
        raise ReasonMissing(asked.key, reason)
    return "" if why.lower() == "no" else why


async def waive(desk: Desk, asked: Asked) -> Answer:
    why = _why(asked, Reason.WAIVER)
    ticket = await waiving.waive(desk, asked.key, asked.actor, why)
    return f"{ticket.key} {'costs nothing' if ticket.waived else 'costs what its plan says'}."


async def snooze(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        raise WakeTimeMissing(asked.key)
    no = asked.rest.lower() == "no"
    until = None if no else time_to_come(asked.rest, desk.places.zone, desk.now)
    ticket = await snoozing.snooze(desk, asked.key, asked.actor, until)
    if until is None:
        return f"{ticket.key} sleeps no longer."
    return f"{ticket.key} is out of the queue until {moment(until, desk.places.zone)}."


async def merge(desk: Desk, asked: Asked) -> Answer:
    into = asked.rest.upper().split()[-1:]  # "ACME-2 ACME-1", or "ACME-2 into ACME-1"
    if not into:
        raise MergeTargetMissing(asked.key)
    ticket = await merging.merge(desk, asked.key, asked.actor, into[0])
    return f"{ticket.key} goes on as part of {ticket.merged_into}."


async def dismiss(desk: Desk, asked: Asked) -> Answer:
    return f"{(await dismiss_module.dismiss(desk, asked.key, asked.actor)).key} was no ticket."


async def resolve(desk: Desk, asked: Asked) -> Answer:
    ticket = await resolving.resolve(desk, asked.key, asked.actor, as_typed(asked.rest))
    notice = ", and the client is told what was done" if ticket.channel_id else ""
    return f"{ticket.key} is resolved{notice}."


async def reopen(desk: Desk, asked: Asked) -> Answer:
    return f"{(await reopen_module.reopen(desk, asked.key, asked.actor)).key} is open again."


async def note(desk: Desk, asked: Asked) -> Answer:
    ticket = await noting.note(desk, asked.key, asked.actor, as_typed(asked.rest))
    return f"Your note is in the thread of {ticket.key} in triage."
