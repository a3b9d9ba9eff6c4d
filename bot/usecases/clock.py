"""A ticket's clocks: computed and judged."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clocks import Clock, clocks_of
from bot.domain.escalation import Audience, Ping, Rung, rungs
from bot.domain.ladder import Ladder, Step
from bot.domain.life import What
from bot.domain.plan import Plan
from bot.domain.ticket import Ticket
from bot.ports import ClockRow, Event, Outgoing, Timer
from bot.usecases.desk import Desk
from bot.usecases.moments import moments_of
from bot.usecases.snoozing import awake
from bot.usecases.telling import Come, ping_key, said_anew, tell, together

JUDGED_WITHIN = timedelta(minutes=2)  # a timer is late for so long at most


async def begin_clocks(desk: Desk, ticket: Ticket) -> None:
    """The clocks of a ticket that has just been opened."""
    plan = await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted(plan, computed))


async def set_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the ticket's clocks anew from its history, and judge them."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    timers = (await desk.work.timers.of_each([ticket.id]))[ticket.id]
    await desk.work.timers.arm(ticket.id, _wanted(plan, computed, timers), timers)
    await together(desk, await judge(desk, ticket, await desk.work.clocks.of(ticket.id)))


async def clocks_stand(desk: Desk, ticket: Ticket) -> bool:
    """Whether the ticket's clocks are stored as its history gives them, each with all its timers,
    and with every breach that is older than `JUDGED_WITHIN` on record, none later than it was."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    timers = (await desk.work.timers.of_each([ticket.id]))[ticket.id]
    wanted = {(name, rung.step, rung.at) for name, rung in _wanted(plan, computed, timers)}
    if not wanted <= {(one.clock, one.step, one.due_at) for one in timers}:
        return False
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


def _wanted(
    plan: Plan, computed: Sequence[Clock], timers: Collection[Timer] = ()
) -> list[tuple[str, Rung]]:
    """Each step of each clock that runs, and what was held until later."""
    running = [one for one in computed if one.runs]
    wanted = [(one.name, rung) for one in running for rung in rungs_of(plan, one)]
    names = {one.name for one in running}
    return wanted + [
        (one.clock, Rung(Step.HELD, one.held_until))
        for one in timers
        if one.held_until is not None and one.clock in names
    ]


def rungs_of(plan: Plan, clock: Clock) -> tuple[Rung, ...]:
    """While there is no severity, those of the one whose clock is kept."""
    return rungs(clock.promise, ladder_of(plan, clock))


def ladder_of(plan: Plan, clock: Clock) -> Ladder:
    return plan.ladder(clock.promise.severity)


async def judge(desk: Desk, ticket: Ticket, rows: Sequence[ClockRow]) -> list[Outgoing]:
    """Put each breach on record that is not, with its true instant; what is owed to managers is
    returned. One on record stays (lowering a severity never erases it), unless what reaches us late
    says otherwise: that it was broken earlier, and so its instant was not the true one, or that an
    answer was in time, and so it never happened."""
    owed: list[Outgoing] = []
    for row in rows:
        stopped_at, broken_at = row.clock.span.stops_at, row.clock.broken_at(desk.now)
        if row.breached_at is None:
            owed += await _record(desk, ticket, row.clock)
        elif broken_at is not None and broken_at < row.breached_at:
            await _correct(desk, ticket, row, broken_at)
        elif stopped_at is not None and stopped_at <= row.breached_at:
            await _withdraw(desk, ticket, row)
    return owed


async def _record(desk: Desk, ticket: Ticket, clock: Clock) -> list[Outgoing]:
    broken_at = clock.broken_at(desk.now)
    if broken_at is None:
        return []
    await desk.work.clocks.record_breach(ticket.id, clock.name, broken_at, desk.now)
    noticed_at = desk.now.isoformat()
    await desk.note(
        ticket, "deskbell", "breached", at=broken_at, clock=clock.name, noticed_at=noticed_at
    )
    await desk.refresh_cards(ticket)
    breach = Come(clock, Rung(Step.DUE, broken_at))
    return await tell(desk, ticket, [breach], [Ping(Step.DUE, Audience.MANAGERS, ())])


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
    channel = desk.places.managers_channel
    keys = [
        ping_key(ticket.id, clock.name, Rung(Step.DUE, event.at), Audience.MANAGERS, channel)
        for event in await desk.work.history.of(ticket.id)
        if event.kind == "breached" and event.after["clock"] == clock.name
    ]
    await said_anew(desk, keys)
    await desk.refresh_cards(ticket)


async def staff_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """A person on staff has written what the client can see, at the Slack `ts` of that message;
    whether that is the first response. One that reaches us late takes its own place."""
    await desk.work.history.append([Event(ticket.id, at, by, What.STAFF_WROTE.value)])
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        has_it = ticket.assignee or by  # who answers has taken it
        after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
        after = replace(after, taken=after.taken or has_it == by)
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
