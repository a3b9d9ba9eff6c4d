"""A ticket's clocks: computed, judged, and told about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clocks import Clock, clocks_of
from bot.domain.escalation import (
    Audience,
    Ping,
    Rung,
    Step,
    is_overtaken,
    pings,
    responsible,
    rungs,
)
from bot.domain.life import What
from bot.domain.ticket import Ticket
from bot.ports import ClockRow, Event
from bot.usecases.desk import Desk, acting
from bot.usecases.moments import moments_of
from bot.usecases.snoozing import awake
from bot.usecases.telling import Come, ping_key, tell

JUDGED_WITHIN = timedelta(minutes=2)  # a timer is late for so long at most


async def begin_clocks(desk: Desk, ticket: Ticket) -> Sequence[Clock]:
    """The clocks of a ticket that has just been opened, which nobody has judged yet."""
    computed = clocks_of(await desk.plan_of(ticket), moments_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted(computed))
    return computed


async def set_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the ticket's clocks anew from its history, and judge them."""
    history = await desk.work.history.of(ticket.id)
    computed = clocks_of(await desk.plan_of(ticket), moments_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.arm(ticket.id, _wanted(computed))
    await judge(desk, ticket)


async def clocks_stand(desk: Desk, ticket: Ticket) -> bool:
    """Whether the ticket's clocks are stored as its history gives them, with every breach that is
    older than `JUDGED_WITHIN` on record, none of them later than it was."""
    history = await desk.work.history.of(ticket.id)
    computed = clocks_of(await desk.plan_of(ticket), moments_of(ticket, history))
    rows = await desk.work.clocks.of(ticket.id)
    if {_as_stored(row.clock) for row in rows} != {_as_stored(clock) for clock in computed}:
        return False
    before = desk.now - JUDGED_WITHIN
    broken = [(row, at) for row in rows if (at := row.clock.broken_at(before)) is not None]
    return all(row.breached_at is not None and row.breached_at <= at for row, at in broken)


def _as_stored(clock: Clock) -> Clock:
    """Without the pauses, which are not stored, and the words, which a new Deskbell may better."""
    span, promise = replace(clock.span, pauses=()), replace(clock.promise, why=())
    return replace(clock, span=span, promise=promise)


def _wanted(computed: Sequence[Clock]) -> list[tuple[str, Rung]]:
    return [(one.name, rung) for one in computed if one.runs for rung in rungs(one.promise)]


async def judge(desk: Desk, ticket: Ticket) -> None:
    """Put each breach on record that is not, with its true instant. One on record stays (lowering
    a severity never erases it), unless what reaches us late says otherwise: that it was broken
    earlier, and so its instant was not the true one, or that an answer was in time, and so it
    never happened."""
    for row in await desk.work.clocks.of(ticket.id):
        stopped_at, broken_at = row.clock.span.stops_at, row.clock.broken_at(desk.now)
        if row.breached_at is None:
            await _record(desk, ticket, row.clock)
        elif broken_at is not None and broken_at < row.breached_at:
            await _correct(desk, ticket, row, broken_at)
        elif stopped_at is not None and stopped_at <= row.breached_at:
            await _withdraw(desk, ticket, row)


async def judge_begun(desk: Desk, ticket: Ticket, begun: Sequence[Clock]) -> None:
    """The same for the clocks of a ticket that has just been opened: found or reported late, it
    may be in breach already."""
    for clock in begun:
        await _record(desk, ticket, clock)


async def _record(desk: Desk, ticket: Ticket, clock: Clock) -> None:
    broken_at = clock.broken_at(desk.now)
    if broken_at is None:
        return
    await desk.work.clocks.record_breach(ticket.id, clock.name, broken_at, desk.now)
    noticed_at = desk.now.isoformat()
    await desk.note(
        ticket, "deskbell", "breached", at=broken_at, clock=clock.name, noticed_at=noticed_at
    )
    breach = Come(clock, Step.DUE, broken_at)
    await tell(desk, ticket, [breach], [Ping(Step.DUE, Audience.MANAGERS, ())])
    await desk.refresh_cards(ticket)


async def _correct(desk: Desk, ticket: Ticket, row: ClockRow, broken_at: datetime) -> None:
    await desk.work.clocks.correct_breach(ticket.id, row.clock.name, broken_at)
    await desk.note(ticket, "deskbell", "breach_corrected", at=broken_at, clock=row.clock.name)
    await _say_anew(desk, ticket, row.clock)


async def _withdraw(desk: Desk, ticket: Ticket, row: ClockRow) -> None:
    await desk.work.clocks.withdraw_breach(ticket.id, row.clock.name)
    await desk.note(ticket, "deskbell", "breach_withdrawn", clock=row.clock.name)
    await _say_anew(desk, ticket, row.clock)


async def _say_anew(desk: Desk, ticket: Ticket, clock: Clock) -> None:
    """What the managers were told of the clock's breach, and the cards, as it stands now."""
    told, channel = Ping(Step.DUE, Audience.MANAGERS, ()), desk.places.managers_channel
    keys = [
        ping_key(ticket, Come(clock, Step.DUE, event.at), told, channel)
        for event in await desk.work.history.of(ticket.id)
        if event.kind == "breached" and event.after["clock"] == clock.name
    ]
    await desk.work.outbox.refresh(*keys)
    await desk.refresh_cards(ticket)


async def staff_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """A person on staff has written what the client can see, at the Slack `ts` of that message;
    whether that is the first response. One that reaches us late takes its own place."""
    await desk.work.history.append([Event(ticket.id, at, by, What.STAFF_WROTE.value)])
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        has_it = ticket.assignee or by  # who answers has taken it
        after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
        await set_clocks(desk, await desk.change(ticket, after, by, "first_response", at=at))
    elif (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return first


async def client_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> Ticket:
    """The client has written more than thanks: whoever waits for them waits no longer, and the
    ticket sleeps no longer."""
    await desk.work.history.append([Event(ticket.id, at, by, What.CLIENT_WROTE.value)])
    if ticket.waiting_since is not None and ticket.waiting_since <= at:
        after = replace(ticket, waiting_since=None)
        ticket = await desk.change(ticket, after, by, "no_longer_waiting", at=at)
    ticket = await awake(desk, ticket, by, at)
    if (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return ticket


async def take_steps(desk: Desk, ticket: Ticket, steps: Mapping[str, Step]) -> None:
    """Steps of the ticket's clocks have come, each clock's by its name: tell whom the ladder names,
    each of them once. Not of a clock that runs no more, or was said to be late before and got a
    later deadline since; and not of a ticket that is resolved, whose words are on their way."""
    come = [
        Come(row.clock, step, _instant_of_step(row.clock, step))
        for row in await desk.work.clocks.of(ticket.id)
        if (step := steps.get(row.clock.name)) and row.clock.runs and _is_news(row, step)
    ]
    if not come:
        return
    told = [one for one in come if not is_overtaken(one.step, one.clock.promise, desk.now)]
    if told and ticket.is_open:
        told.sort(key=lambda one: one.at)
        plan = await desk.plan_of(ticket)
        agreement, gone = await acting(desk, ticket)
        readers = responsible(ticket, plan, agreement, gone)
        await tell(desk, ticket, told, pings(told[0].step, readers))
    await judge(desk, ticket)
    await desk.refresh_cards(ticket)


def _is_news(row: ClockRow, step: Step) -> bool:
    return row.breached_at is None or row.breached_at >= _instant_of_step(row.clock, step)


def _instant_of_step(clock: Clock, step: Step) -> datetime:
    promise = clock.promise
    at = {Step.WARNING: promise.warn_at, Step.DUE: promise.due_at, Step.LAST: promise.breach_at}
    found = at[step]
    if found is None:
        raise LookupError(f"a {step} step without a clock")
    return found
