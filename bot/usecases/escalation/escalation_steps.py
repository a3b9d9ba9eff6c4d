"""Escalation steps that have passed: deciding who is told, and recording breaches."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.agreements.plan import Plan
from bot.domain.escalation.decision import Rung, decide, later_steps
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.missed_steps import missed_steps
from bot.domain.escalation.timers import LadderTimer
from bot.domain.sla.clocks.stored_clock import ClockRow
from bot.domain.ticket import Ticket
from bot.usecases.desk import Desk
from bot.usecases.escalation.breaches import judge_breaches
from bot.usecases.escalation.ladders import ladder_of, rungs_of
from bot.usecases.escalation.people import people_of
from bot.usecases.escalation.pings import DirectPing, ReachedStep, owe_pings


async def take_steps(
    desk: Desk, ticket: Ticket, steps: Mapping[str, Step], timers: Collection[LadderTimer]
) -> list[DirectPing]:
    """Send pings for the passed steps of the ticket's clocks, and record breaches.

    `steps` are by clock name; `timers` are all timers of the ticket. Each reader is told once.
    Pings to people and managers are returned, since other tickets may add to the same message.

    A step is skipped if its clock has stopped, or if its breach was reported before and the due
    time has since moved. A resolved ticket sends no pings, since its words for the client are
    queued.
    """
    plan, rows = await desk.plan_of(ticket), await desk.work.clocks.of(ticket.id)
    reached = [
        passed
        for row in rows
        if (step := steps.get(row.clock.name)) and row.clock.runs
        if (passed := _reached(plan, row, step, timers, desk.now)) is not None
    ]
    if not reached:
        return []
    latest = [passed for passed in reached if not _is_superseded(plan, passed, desk.now)]
    pings: list[DirectPing] = []
    if latest and ticket.is_open:
        # The most urgent step decides the readers of the whole message.
        latest.sort(key=lambda passed: (passed.rung.step.is_before_due, passed.rung.at))
        pings = await _send_pings(desk, ticket, plan, latest)
    pings += await judge_breaches(desk, ticket, rows)
    await desk.refresh_cards(ticket)
    return pings


async def _send_pings(
    desk: Desk, ticket: Ticket, plan: Plan, steps: Sequence[ReachedStep]
) -> list[DirectPing]:
    """Send a ping about these steps, and missed earlier steps, to the readers that the ladders
    name.

    A ping outside its readers' working hours is held. Return the pings to people and managers.
    """
    first = steps[0]
    named = {
        name for reached in steps for rung in (reached.rung, *reached.before) for name in rung.tell
    }
    ladder = rungs_of(plan, first.clock)
    tells = [named, *(rung.tell for rung in ladder[ladder.index(first.rung) + 1 :])]
    people = await people_of(desk, ticket, plan)
    severity, step = first.clock.deadline.severity, first.rung.step
    line = plan.sla_target_for(first.clock.span.metric, severity) if severity else None
    covered_from = line.calendar.next_opening(desk.now) if line else desk.now
    decision = decide(ticket, step, tells, people, desk.now, covered_from=covered_from)
    if decision.held_until is not None:
        names = [reached.clock.name for reached in steps]
        await desk.work.timers.hold(ticket.id, names, decision.held_until, desk.now)
    return await owe_pings(desk, ticket, steps, decision.pings)


def _reached(
    plan: Plan, row: ClockRow, step: Step, timers: Collection[LadderTimer], now: datetime
) -> ReachedStep | None:
    """Return the step that the clock has reached, or None if its breach was reported before.

    For a held ping, it is the last step that has passed by now.
    """
    ladder = rungs_of(plan, row.clock)
    passed = [
        rung for rung in ladder if (rung.at <= now if step == Step.HELD else rung.step == step)
    ]
    if not passed and step != Step.HELD:
        raise LookupError(f"{row.clock.name} has no step {step}")
    if not passed or (
        row.breached_at is not None and row.breached_at < _reported_breach(passed[-1], row)
    ):
        return None
    own_timers = [timer for timer in timers if timer.clock == row.clock.name]
    return ReachedStep(row.clock, passed[-1], missed_steps(ladder, passed[-1], own_timers, now))


def _is_superseded(plan: Plan, reached: ReachedStep, now: datetime) -> bool:
    """Return whether a later step has passed too, whose ping covers this step."""
    deadline = reached.clock.deadline
    return bool(later_steps(reached.rung.step, deadline, ladder_of(plan, reached.clock), now))


def _reported_breach(rung: Rung, row: ClockRow) -> datetime:
    """Return the instant of the breach that a ping for the rung reports: steps after the due time
    report the breach at the due time."""
    due_at = row.clock.deadline.due_at
    return due_at if rung.step.is_after_due and due_at is not None else rung.at
