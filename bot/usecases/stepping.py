"""Steps of a ladder that have come: who is told of them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.escalation import Rung, decide, later_steps
from bot.domain.ladder import Step
from bot.domain.plan import Plan
from bot.domain.ticket import Ticket
from bot.ports import ClockRow, Outgoing, Timer
from bot.usecases.clock import judge, ladder_of, rungs_of
from bot.usecases.desk import Desk, people_of
from bot.usecases.telling import Come, tell
from bot.usecases.unsaid import unsaid


async def take_steps(
    desk: Desk, ticket: Ticket, steps: Mapping[str, Step], timers: Collection[Timer]
) -> list[Outgoing]:
    """Steps of the ticket's clocks have come, each clock's by its name: tell whom the ladder names,
    each of them once; what is owed to people and managers is returned, for they may be owed more.
    `timers` are the ticket's.

    Not of a clock that runs no more, or was said to be late before and got a later deadline since;
    and not of a ticket that is resolved, whose words are on their way.
    """
    plan, rows = await desk.plan_of(ticket), await desk.work.clocks.of(ticket.id)
    come = [
        found
        for row in rows
        if (step := steps.get(row.clock.name)) and row.clock.runs
        if (found := _come(plan, row, step, timers, desk.now)) is not None
    ]
    if not come:
        return []
    told = [one for one in come if not _is_overtaken(plan, one, desk.now)]
    owed: list[Outgoing] = []
    if told and ticket.is_open:
        # What is late says whom to tell also of what is merely due soon.
        told.sort(key=lambda one: (one.rung.step.is_before_due, one.rung.at))
        owed = await _tell(desk, ticket, plan, told)
    owed += await judge(desk, ticket, rows)
    await desk.refresh_cards(ticket)
    return owed


async def _tell(desk: Desk, ticket: Ticket, plan: Plan, told: Sequence[Come]) -> list[Outgoing]:
    """Tell whom the ladders name for what has come, and for what came before and was unsaid."""
    first = told[0]
    named = {one for come in told for rung in (come.rung, *come.before) for one in rung.tell}
    each = rungs_of(plan, first.clock)
    tells = [named, *(rung.tell for rung in each[each.index(first.rung) + 1 :])]
    people = await people_of(desk, ticket, plan)
    promise, step = first.clock.promise, first.rung.step
    line = plan.promise_for(first.clock.span.metric, promise.severity) if promise.severity else None
    covered_from = line.calendar.next_opening(desk.now) if line else desk.now
    decision = decide(ticket, step, tells, people, desk.now, covered_from=covered_from)
    if decision.held_until is not None:
        names = [one.clock.name for one in told]
        await desk.work.timers.hold(ticket.id, names, decision.held_until, desk.now)
    return await tell(desk, ticket, told, decision.pings)


def _come(
    plan: Plan, row: ClockRow, step: Step, timers: Collection[Timer], now: datetime
) -> Come | None:
    """The step of a clock; of what was held until now, the last that has come. None where it is no
    news."""
    each = rungs_of(plan, row.clock)
    found = [one for one in each if (one.at <= now if step == Step.HELD else one.step == step)]
    if not found and step != Step.HELD:
        raise LookupError(f"{row.clock.name} has no step {step}")
    if not found or (row.breached_at is not None and row.breached_at < _breach_of(found[-1], row)):
        return None
    its_own = [one for one in timers if one.clock == row.clock.name]
    return Come(row.clock, found[-1], unsaid(each, found[-1], its_own, now))


def _is_overtaken(plan: Plan, come: Come, now: datetime) -> bool:
    """Whether a later step has come, too: it tells for this one."""
    promise = come.clock.promise
    return bool(later_steps(come.rung.step, promise, ladder_of(plan, come.clock), now))


def _breach_of(rung: Rung, row: ClockRow) -> datetime:
    """What is told after the due instant tells of that."""
    due_at = row.clock.promise.due_at
    return due_at if rung.step.is_after_due and due_at is not None else rung.at
