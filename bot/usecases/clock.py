"""A ticket's clock: set, judged, and told about."""

from dataclasses import replace
from datetime import datetime

from bot.domain.escalation import Audience, Ping, Step, pings, responsible, rungs
from bot.domain.promised import Promised, breach_instant, promised
from bot.domain.ticket import Ticket
from bot.ports import Outgoing
from bot.usecases.desk import Desk, triage_card_key


async def set_clock(desk: Desk, ticket: Ticket) -> Promised:
    """Promise what the ticket's plan says for its severity, and arm the steps still to come."""
    plan = await desk.plan_of(ticket)
    promise = promised(plan, ticket.severity, ticket.opened_at)
    await desk.work.clocks.put(ticket.id, promise)
    await desk.work.timers.arm(
        ticket.id, rungs(promise) if ticket.first_response_at is None else ()
    )
    return promise


async def judge(desk: Desk, ticket: Ticket) -> bool:
    """Put a breach on record, with its true instant, if there is one that is not; tell whether a
    breach is on record. One on record stays: lowering a severity never erases it."""
    clock = await desk.work.clocks.get(ticket.id)
    if clock.breached_at is not None:
        return True
    broken_at = breach_instant(clock.promise, answered_at=ticket.first_response_at, now=desk.now)
    if broken_at is None:
        return False
    await desk.work.clocks.record_breach(ticket.id, broken_at, desk.now)
    await desk.note(ticket, "deskbell", "breached", at=broken_at, noticed_at=desk.now.isoformat())
    await _tell(desk, ticket, broken_at, [Ping(Step.DUE, Audience.MANAGERS, ())])
    await desk.refresh_cards(ticket)
    return True


async def answered(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """A person on staff has written what the client can see, at the Slack `ts` of that message.

    Only the first counts; one that reaches us late takes its own place. A breach that was noted
    while an answer in time was still on its way to us never happened, and is withdrawn.
    """
    if ticket.first_response_at is not None and ticket.first_response_at <= at:
        return False
    has_it = ticket.assignee or by  # who answers has taken it
    after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
    await desk.change(ticket, after, by, "first_response", at=at)
    await desk.work.timers.disarm(ticket.id)
    clock = await desk.work.clocks.get(ticket.id)
    if clock.breached_at is not None and at <= clock.breached_at:
        await desk.work.clocks.withdraw_breach(ticket.id)
        await desk.note(after, "deskbell", "breach_withdrawn", answered_at=at.isoformat())
        told = Ping(Step.DUE, Audience.MANAGERS, ())
        channel = desk.places.managers_channel
        await desk.work.outbox.refresh(_key(after, clock.breached_at, told, channel))
    await judge(desk, after)
    return True


async def take_step(desk: Desk, ticket: Ticket, step: Step) -> None:
    """A step of the clock has come: tell whom the ladder names, unless it has been answered, or
    was said to be late before and got a later deadline since."""
    clock = await desk.work.clocks.get(ticket.id)
    at = _instant_of_step(clock.promise, step)
    told_late = clock.breached_at is not None and clock.breached_at < at
    if ticket.first_response_at is not None or told_late:
        return
    plan = await desk.plan_of(ticket)
    agreement = await desk.work.clients.agreement(ticket.agreement_id)
    readers = responsible(ticket, plan, agreement)
    await _tell(desk, ticket, at, pings(step, clock.promise, readers, now=desk.now))
    await judge(desk, ticket)
    await desk.refresh_cards(ticket)


def _instant_of_step(promise: Promised, step: Step) -> datetime:
    at = {Step.WARNING: promise.warn_at, Step.DUE: promise.due_at, Step.LAST: promise.breach_at}
    found = at[step]
    if found is None:
        raise LookupError(f"a {step} step without a clock")
    return found


async def _tell(desk: Desk, ticket: Ticket, at: datetime, owed: list[Ping]) -> None:
    """Write the pings down as messages. The key names step, instant and reader, so that a step
    that comes up again (a re-triage to the same deadline) is not told twice."""
    for ping in owed:
        for channel in _channels(desk, ping):
            in_triage = ping.audience is Audience.TRIAGE
            await desk.work.outbox.say(
                Outgoing(
                    _key(ticket, at, ping, channel),
                    "ping",
                    channel,
                    under=triage_card_key(ticket) if in_triage else None,
                    ticket_id=ticket.id,
                    facts={
                        "step": ping.step.value,
                        "audience": ping.audience.value,
                        "readers": list(ping.readers),
                        "now": desk.now.isoformat(),
                    },
                )
            )


def _key(ticket: Ticket, at: datetime, ping: Ping, channel: str) -> str:
    return f"ping:{ticket.id}:{ping.step}:{int(at.timestamp())}:{ping.audience}:{channel}"


def _channels(desk: Desk, ping: Ping) -> tuple[str, ...]:
    if ping.audience is Audience.TRIAGE:
        return (desk.places.triage_channel,)
    if ping.audience is Audience.MANAGERS:
        return (desk.places.managers_channel,)
    return ping.readers
