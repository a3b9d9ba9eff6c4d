"""A ticket's clocks: computed, judged, and told about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clocks import Clock, clocks_of
from bot.domain.escalation import Audience, Ping, Rung, decide, is_overtaken, rungs
from bot.domain.ladder import Ladder, Step
from bot.domain.life import What
from bot.domain.plan import Plan
from bot.domain.ticket import Ticket
from bot.ports import ClockRow, Event, Outgoing
from bot.usecases.desk import Desk, people_of
from bot.usecases.moments import moments_of
from bot.usecases.snoozing import awake
from bot.usecases.telling import Come, ping_key, tell

JUDGED_WITHIN = timedelta(minutes=2)  # a timer is late for so long at most


async def begin_clocks(desk: Desk, ticket: Ticket) -> Sequence[Clock]:
    """The clocks of a ticket that has just been opened, which nobody has judged yet."""
    plan = await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted(plan, computed))
    return computed


async def set_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the ticket's clocks anew from its history, and judge them."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.arm(ticket.id, _wanted(plan, computed))
    await judge(desk, ticket, await desk.work.clocks.of(ticket.id))


async def clocks_stand(desk: Desk, ticket: Ticket) -> bool:
    """Whether the ticket's clocks are stored as its history gives them, each with all its timers,
    and with every breach that is older than `JUDGED_WITHIN` on record, none later than it was."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, moments_of(ticket, history))
    wanted = {(name, rung.step, rung.at) for name, rung in _wanted(plan, computed)}
    if not wanted <= await desk.work.timers.known(ticket.id):
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


def _wanted(plan: Plan, computed: Sequence[Clock]) -> list[tuple[str, Rung]]:
    running = [one for one in computed if one.runs]
    return [(one.name, rung) for one in running for rung in _rungs(plan, one)]


def _rungs(plan: Plan, clock: Clock) -> tuple[Rung, ...]:
    """While there is no severity, those of the one whose clock is kept."""
    return rungs(clock.promise, _ladder(plan, clock))


async def judge(desk: Desk, ticket: Ticket, rows: Sequence[ClockRow]) -> None:
    """Put each breach on record that is not, with its true instant. One on record stays (lowering
    a severity never erases it), unless what reaches us late says otherwise: that it was broken
    earlier, and so its instant was not the true one, or that an answer was in time, and so it
    never happened."""
    for row in rows:
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


async def take_steps(desk: Desk, ticket: Ticket, steps: Mapping[str, Step]) -> list[Outgoing]:
    """Steps of the ticket's clocks have come, each clock's by its name: tell whom the ladder names,
    each of them once; what is owed to people directly is returned, for they may be owed more.

    Not of a clock that runs no more, or was said to be late before and got a later deadline since;
    and not of a ticket that is resolved, whose words are on their way.
    """
    plan, rows = await desk.plan_of(ticket), await desk.work.clocks.of(ticket.id)
    come = [
        found
        for row in rows
        if (step := steps.get(row.clock.name)) and row.clock.runs
        if (found := _come(plan, row, step, desk.now)) is not None
    ]
    if not come:
        return []
    told = [
        one
        for one in come
        if not is_overtaken(one.step, one.clock.promise, _ladder(plan, one.clock), desk.now)
    ]
    owed: list[Outgoing] = []
    if told and ticket.is_open:
        # What is late says whom to tell also of what is merely due soon.
        told.sort(key=lambda one: (one.step.is_before_due, one.at))
        owed = await _tell(desk, ticket, plan, told)
    await judge(desk, ticket, rows)
    await desk.refresh_cards(ticket)
    return owed


async def _tell(desk: Desk, ticket: Ticket, plan: Plan, told: Sequence[Come]) -> list[Outgoing]:
    first = told[0]
    tells = [rung.tell for rung in _rungs(plan, first.clock) if rung.at >= first.at]
    people = await people_of(desk, ticket, plan)
    promise = first.clock.promise
    line = plan.promise_for(first.clock.span.metric, promise.severity) if promise.severity else None
    covered_from = line.calendar.next_opening(desk.now) if line else desk.now
    decision = decide(ticket, first.step, tells, people, desk.now, covered_from=covered_from)
    if decision.held_until is not None:
        held = [(one.clock.name, Rung(Step.HELD, decision.held_until)) for one in told]
        await desk.work.timers.add(ticket.id, held)
    return await tell(desk, ticket, told, decision.pings)


def _come(plan: Plan, row: ClockRow, step: Step, now: datetime) -> Come | None:
    """The step of a clock; of what was held until now, the last that has come. None where it is no
    news."""
    each = _rungs(plan, row.clock)
    found = [one for one in each if (one.at <= now if step == Step.HELD else one.step == step)]
    if not found and step != Step.HELD:
        raise LookupError(f"{row.clock.name} has no step {step}")
    if not found or (row.breached_at is not None and row.breached_at < _breach_of(found[-1], row)):
        return None
    return Come(row.clock, found[-1].step, found[-1].at)


def _breach_of(rung: Rung, row: ClockRow) -> datetime:
    """What is told after the due instant tells of that."""
    due_at = row.clock.promise.due_at
    return due_at if rung.step.is_after_due and due_at is not None else rung.at


def _ladder(plan: Plan, clock: Clock) -> Ladder:
    return plan.ladder(clock.promise.severity)
