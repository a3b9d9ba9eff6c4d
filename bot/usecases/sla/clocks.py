"""A ticket's clocks: computing them from the history, and recording their breaches."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.agreements.plan import Plan
from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import LadderTimer
from bot.domain.sla.clocks.clock_events import clock_events_of
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.ticket import Ticket
from bot.usecases.desk import Desk
from bot.usecases.escalation.breaches import judge_breaches
from bot.usecases.escalation.ladders import rungs_of
from bot.usecases.escalation.pings import batch_by_reader

JUDGED_WITHIN = timedelta(minutes=2)  # a timer fires this late at most


async def computed_clocks(desk: Desk, ticket: Ticket) -> tuple[SlaClock, ...]:
    """Return the ticket's clocks as its history gives them, with the reasons of their deadlines."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    return clocks_of(plan, clock_events_of(ticket, history))


async def start_clocks(desk: Desk, ticket: Ticket) -> None:
    """Compute the clocks of a ticket that has just been opened, and set their timers."""
    plan = await desk.plan_of(ticket)
    computed = clocks_of(plan, clock_events_of(ticket, ()))
    await desk.work.clocks.put(ticket.id, computed)
    await desk.work.timers.add(ticket.id, _wanted_timers(plan, computed))


async def recompute_clocks(desk: Desk, ticket: Ticket) -> None:
    """Recompute the ticket's clocks and timers from its history, and record their breaches."""
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, clock_events_of(ticket, history))
    await desk.work.clocks.put(ticket.id, computed)
    timers = (await desk.work.timers.of_each([ticket.id]))[ticket.id]
    await desk.work.timers.arm(ticket.id, _wanted_timers(plan, computed, timers), timers)
    await batch_by_reader(
        desk, await judge_breaches(desk, ticket, await desk.work.clocks.of(ticket.id))
    )


async def clocks_match_history(desk: Desk, ticket: Ticket) -> bool:
    """Return whether the stored clocks, timers and breaches agree with the ticket's history.

    Timers must exist for every pending step. Breaches older than `JUDGED_WITHIN` must be on record,
    at their true instant or earlier.
    """
    history, plan = await desk.work.history.of(ticket.id), await desk.plan_of(ticket)
    computed = clocks_of(plan, clock_events_of(ticket, history))
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


def _as_stored(clock: SlaClock) -> SlaClock:
    """Return the clock as the store keeps it.

    Pauses and the reasons of the deadline are not stored.
    """
    span, deadline = replace(clock.span, pauses=()), replace(clock.deadline, why=())
    return replace(clock, span=span, deadline=deadline)


def _wanted_timers(
    plan: Plan, computed: Sequence[SlaClock], timers: Collection[LadderTimer] = ()
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
