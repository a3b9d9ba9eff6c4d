"""A ticket's clocks: computed, judged, and told about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.clocks import Clock, clocks_of
from bot.domain.escalation import Audience, Ping, Rung, Step, pings, responsible, rungs
from bot.domain.life import What
from bot.domain.metric import Metric
from bot.domain.ticket import Ticket
from bot.ports import ClockRow, Event, Outgoing
from bot.usecases.desk import Desk, triage_card_key
from bot.usecases.moments import moments_of


async def begin_clocks(desk: Desk, ticket: Ticket) -> None:
    """The clocks of a ticket that has just been opened."""
    computed = clocks_of(await desk.plan_of(ticket), moments_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted(computed))


async def set_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the ticket's clocks anew from its history, and judge them."""
    history = await desk.work.history.of(ticket.id)
    computed = clocks_of(await desk.plan_of(ticket), moments_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.arm(ticket.id, _wanted(computed))
    await judge(desk, ticket)


def _wanted(computed: Sequence[Clock]) -> list[tuple[str, Rung]]:
    return [(one.name, rung) for one in computed if one.runs for rung in rungs(one.promise)]


async def judge(desk: Desk, ticket: Ticket) -> None:
    """Put each breach on record that is not, with its true instant. One on record stays (lowering
    a severity never erases it), unless an answer that was in time reached us late: then it never
    happened, and is withdrawn."""
    for row in await desk.work.clocks.of(ticket.id):
        stopped_at = row.clock.span.stops_at
        if row.breached_at is None:
            await _record(desk, ticket, row.clock)
        elif stopped_at is not None and stopped_at <= row.breached_at:
            await _withdraw(desk, ticket, row)


async def _record(desk: Desk, ticket: Ticket, clock: Clock) -> None:
    broken_at = clock.broken_at(desk.now)
    if broken_at is None:
        return
    await desk.work.clocks.record_breach(ticket.id, clock.name, broken_at, desk.now)
    noticed_at = desk.now.isoformat()
    await desk.note(
        ticket, "deskbell", "breached", at=broken_at, clock=clock.name, noticed_at=noticed_at
    )
    await _tell(desk, ticket, clock, broken_at, [Ping(Step.DUE, Audience.MANAGERS, ())])
    await desk.refresh_cards(ticket)


async def _withdraw(desk: Desk, ticket: Ticket, row: ClockRow) -> None:
    if row.breached_at is None:
        return
    await desk.work.clocks.withdraw_breach(ticket.id, row.clock.name)
    await desk.note(ticket, "deskbell", "breach_withdrawn", clock=row.clock.name)
    told = Ping(Step.DUE, Audience.MANAGERS, ())
    channel = desk.places.managers_channel
    await desk.work.outbox.refresh(_key(ticket, row.clock, row.breached_at, told, channel))
    await desk.refresh_cards(ticket)


async def staff_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """A person on staff has written what the client can see, at the Slack `ts` of that message;
    whether that is the first response. One that reaches us late takes its own place."""
    await desk.work.history.append([Event(ticket.id, at, by, What.STAFF_WROTE.value)])
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        has_it = ticket.assignee or by  # who answers has taken it
        after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
        await desk.change(ticket, after, by, "first_response", at=at)
        await set_clocks(desk, after)
    elif (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return first


async def client_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> Ticket:
    """The client has written more than thanks: whoever waits for them waits no longer."""
    await desk.work.history.append([Event(ticket.id, at, by, What.CLIENT_WROTE.value)])
    if ticket.waiting_since is not None and ticket.waiting_since <= at:
        after = replace(ticket, waiting_since=None)
        await desk.change(ticket, after, by, "no_longer_waiting", at=at)
        ticket = after
    if (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return ticket


async def take_step(desk: Desk, ticket: Ticket, name: str, step: Step) -> None:
    """A step of a clock has come: tell whom the ladder names, unless it runs no more, or was
    said to be late before and got a later deadline since."""
    rows = {row.clock.name: row for row in await desk.work.clocks.of(ticket.id)}
    row = rows.get(name)
    if row is None or not row.clock.runs:
        return
    at = _instant_of_step(row.clock, step)
    if row.breached_at is not None and row.breached_at < at:
        return
    plan = await desk.plan_of(ticket)
    agreement = await desk.work.clients.agreement(ticket.agreement_id)
    readers = responsible(ticket, plan, agreement)
    owed = pings(step, row.clock.promise, readers, now=desk.now)
    await _tell(desk, ticket, row.clock, at, owed)
    await judge(desk, ticket)
    await desk.refresh_cards(ticket)


def _instant_of_step(clock: Clock, step: Step) -> datetime:
    promise = clock.promise
    at = {Step.WARNING: promise.warn_at, Step.DUE: promise.due_at, Step.LAST: promise.breach_at}
    found = at[step]
    if found is None:
        raise LookupError(f"a {step} step without a clock")
    return found


async def _tell(
    desk: Desk, ticket: Ticket, clock: Clock, at: datetime, owed: Sequence[Ping]
) -> None:
    """Write the pings down as messages. The key names clock, step, instant and reader, so that a
    step that comes up again (a re-triage to the same deadline) is not told twice."""
    for ping in owed:
        for channel in _channels(desk, ping):
            in_triage = ping.audience is Audience.TRIAGE
            await desk.work.outbox.say(
                Outgoing(
                    _key(ticket, clock, at, ping, channel),
                    "ping",
                    channel,
                    under=triage_card_key(ticket) if in_triage else None,
                    ticket_id=ticket.id,
                    facts={
                        "clock": clock.name,
                        "step": ping.step.value,
                        "audience": ping.audience.value,
                        "readers": list(ping.readers),
                        "now": desk.now.isoformat(),
                    },
                )
            )


def _key(ticket: Ticket, clock: Clock, at: datetime, ping: Ping, channel: str) -> str:
    seconds = int(at.timestamp())
    about = ticket.id if clock.span.metric is Metric.FIRST_RESPONSE else f"{ticket.id}/{clock.name}"
    return f"ping:{about}:{ping.step}:{seconds}:{ping.audience}:{channel}"


def _channels(desk: Desk, ping: Ping) -> tuple[str, ...]:
    if ping.audience is Audience.TRIAGE:
        return (desk.places.triage_channel,)
    if ping.audience is Audience.MANAGERS:
        return (desk.places.managers_channel,)
    return ping.readers
