"""A ticket's clocks: computing them from the history, and recording their breaches."""

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

JUDGED_WITHIN = timedelta(minutes=2)  # a timer fires this late at most


async def begin_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the clocks of a ticket that has just been opened, and set their timers."""
    plan = await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted_timers(plan, computed))


async def set_clocks(desk: Desk, ticket: Ticket) -> None:
    """Recompute the ticket's clocks and timers from its history, and record their breaches."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    timers = (await desk.work.timers.of_each([ticket.id]))[ticket.id]
    await desk.work.timers.arm(ticket.id, _wanted_timers(plan, computed, timers), timers)
    await together(desk, await judge(desk, ticket, await desk.work.clocks.of(ticket.id)))


async def clocks_stand(desk: Desk, ticket: Ticket) -> bool:
    """Return whether the stored clocks, timers and breaches agree with the ticket's history.

    Timers must exist for every pending step. Breaches older than `JUDGED_WITHIN` must be on record,
    at their true instant or earlier.
    """
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    timers = (await desk.work.timers.of_each([ticket.id]))[ticket.id]
    wanted = {(name, rung.step, rung.at) for name, rung in _wanted_timers(plan, computed, timers)}
    if not wanted <= {(timer.clock, timer.step, timer.due_at) for timer in timers}:
        return False
    rows = await desk.work.clocks.of(ticket.id)
    if {_as_stored(row.clock) for row in rows} != {_as_stored(clock) for clock in computed}:
        return False
    before = desk.now - JUDGED_WITHIN
    broken = [(row, at) for row in rows if (at := row.clock.broken_at(before)) is not None]
    return all(row.breached_at is not None and row.breached_at <= at for row, at in broken)


def _as_stored(clock: Clock) -> Clock:
    """Return the clock as the store keeps it.

    Pauses are not stored. The explanation is left out too, since a new release may reword it.
    """
    span, promise = replace(clock.span, pauses=()), replace(clock.promise, why=())
    return replace(clock, span=span, promise=promise)


def _wanted_timers(
    plan: Plan, computed: Sequence[Clock], timers: Collection[Timer] = ()
) -> list[tuple[str, Rung]]:
    """Return the timers that should exist: (clock name, rung) of each step of each running clock.

    Pings held until somebody's working hours keep their timers.
    """
    running = [clock for clock in computed if clock.runs]
    wanted = [(clock.name, rung) for clock in running for rung in rungs_of(plan, clock)]
    names = {clock.name for clock in running}
    return wanted + [
        (timer.clock, Rung(Step.HELD, timer.held_until))
        for timer in timers
        if timer.held_until is not None and timer.clock in names
    ]


def rungs_of(plan: Plan, clock: Clock) -> tuple[Rung, ...]:
    """Return the escalation steps of a clock with their instants.

    A ticket without a severity uses the severity whose target its clock follows.
    """
    return rungs(clock.promise, ladder_of(plan, clock))


def ladder_of(plan: Plan, clock: Clock) -> Ladder:
    """Return the escalation ladder of the severity whose target the clock follows."""
    return plan.ladder(clock.promise.severity)


async def judge(desk: Desk, ticket: Ticket, rows: Sequence[ClockRow]) -> list[Outgoing]:
    """Record the breaches of the ticket's clocks, and correct those on record.

    A breach is recorded at its true instant and stays on record ("lowering a severity never erases
    it"). Only a late message changes it: if the breach was earlier, its instant is corrected; if an
    answer was in time, the breach is withdrawn. Return the pings to managers that are to be sent.
    """
    pings: list[Outgoing] = []
    for row in rows:
        stopped_at, broken_at = row.clock.span.stops_at, row.clock.broken_at(desk.now)
        if row.breached_at is None:
            pings += await _record_breach(desk, ticket, row.clock)
        elif broken_at is not None and broken_at < row.breached_at:
            await _correct_breach(desk, ticket, row, broken_at)
        elif stopped_at is not None and stopped_at <= row.breached_at:
            await _withdraw_breach(desk, ticket, row)
    return pings


async def _record_breach(desk: Desk, ticket: Ticket, clock: Clock) -> list[Outgoing]:
    """Record the clock's breach if it is overdue now, and return the pings to managers."""
    broken_at = clock.broken_at(desk.now)
    if broken_at is None:
        return []
    await desk.work.clocks.record_breach(ticket.id, clock.name, broken_at, desk.now)
    noticed_at = desk.now.isoformat()
    await desk.note(
        ticket, "deskbell", "breached", at=broken_at, clock=clock.name, noticed_at=noticed_at
    )
    await desk.refresh_cards(ticket)
    reached = Come(clock, Rung(Step.DUE, broken_at))
    return await tell(desk, ticket, [reached], [Ping(Step.DUE, Audience.MANAGERS, ())])


async def _correct_breach(desk: Desk, ticket: Ticket, row: ClockRow, broken_at: datetime) -> None:
    """Move a recorded breach to its earlier, true instant."""
    await desk.work.clocks.correct_breach(ticket.id, row.clock.name, broken_at)
    await desk.note(ticket, "deskbell", "breach_corrected", at=broken_at, clock=row.clock.name)
    await _refresh_breach_pings(desk, ticket, row.clock)


async def _withdraw_breach(desk: Desk, ticket: Ticket, row: ClockRow) -> None:
    """Take a recorded breach back: the answer was in time after all."""
    await desk.work.clocks.withdraw_breach(ticket.id, row.clock.name)
    await desk.note(ticket, "deskbell", "breach_withdrawn", clock=row.clock.name)
    await _refresh_breach_pings(desk, ticket, row.clock)


async def _refresh_breach_pings(desk: Desk, ticket: Ticket, clock: Clock) -> None:
    """Refresh the managers' pings about the clock's breach, and the ticket's cards."""
    channel = desk.places.managers_channel
    keys = [
        ping_key(ticket.id, clock.name, Rung(Step.DUE, event.at), Audience.MANAGERS, channel)
        for event in await desk.work.history.of(ticket.id)
        if event.kind == "breached" and event.after["clock"] == clock.name
    ]
    await said_anew(desk, keys)
    await desk.refresh_cards(ticket)


async def staff_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> bool:
    """Record a staff message that the client can see, sent at `at` (its Slack `ts`).

    Return whether it is the first response. A message that reaches us late takes its place by `at`,
    so it can replace a later first response. The first response assigns an unassigned ticket to its
    author.
    """
    await desk.work.history.append([Event(ticket.id, at, by, What.STAFF_WROTE.value)])
    first = ticket.first_response_at is None or at < ticket.first_response_at
    if first:
        has_it = ticket.assignee or by  # answering an unassigned ticket takes it
        after = replace(ticket, first_response_at=at, first_response_by=by, assignee=has_it)
        after = replace(after, taken=after.taken or has_it == by)
        await set_clocks(desk, await desk.change(ticket, after, by, "first_response", at=at))
    elif (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return first


async def client_wrote(desk: Desk, ticket: Ticket, by: str, at: datetime) -> Ticket:
    """Record a client message that is more than thanks, sent at `at`, and return the ticket.

    The message ends waiting on the client and ends a snooze.
    """
    await desk.work.history.append([Event(ticket.id, at, by, What.CLIENT_WROTE.value)])
    if ticket.waiting_since is not None and ticket.waiting_since <= at:
        after = replace(ticket, waiting_since=None)
        ticket = await desk.change(ticket, after, by, "no_longer_waiting", at=at)
    ticket = await awake(desk, ticket, by, at)
    if (await desk.plan_of(ticket)).further:
        await set_clocks(desk, ticket)
        await desk.refresh_cards(ticket)
    return ticket
