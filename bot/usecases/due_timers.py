"""Firing due timers: escalation steps, ends of snoozes, billing and the digest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import BillingTimer, DigestTimer, LadderTimer, SnoozeTimer, Timer
from bot.domain.ids import ClientId, TicketId
from bot.usecases.agreements.billing_periods import update_billing
from bot.usecases.desk import Desk
from bot.usecases.escalation.escalation_steps import take_steps
from bot.usecases.escalation.pings import DirectPing, batch_by_reader
from bot.usecases.reports.digest import arm_digest, write_digest
from bot.usecases.tickets.handling.snooze import wake_up

BATCH = 200


@dataclass(slots=True)
class _Due:
    """The work of a batch of timers."""

    snoozed: list[TicketId] = field(default_factory=list)
    steps: dict[TicketId, dict[str, Step]] = field(default_factory=dict)  # the last by clock name
    billed: list[ClientId] = field(default_factory=list)
    has_digest: bool = False


async def fire_due(desk: Desk, *, limit: int = BATCH, skip: int = 0) -> int:
    """Claim up to `limit` due timers, act on them in this transaction, and return their number.

    `skip` leaves out that many of the oldest timers, which crashed before. Steps that are due
    together for a ticket (after an outage) share a message, with the last step of each clock. The
    digest is written last.
    """
    timers = await desk.work.timers.claim(desk.now, limit, skip)
    due = _sorted_by_kind(timers)
    for ticket_id in due.snoozed:
        await wake_up(desk, await desk.work.tickets.get_for_update(ticket_id))
    await _take_all_steps(desk, due.steps)
    for client_id in due.billed:
        await update_billing(desk, client_id)
    if due.has_digest:
        await write_digest(desk)
        await arm_digest(desk)
    return len(timers)


def _sorted_by_kind(timers: Sequence[Timer]) -> _Due:
    due = _Due()
    for timer in timers:
        match timer:
            case LadderTimer():
                due.steps.setdefault(timer.ticket_id, {})[timer.clock] = timer.step
            case SnoozeTimer():
                due.snoozed.append(timer.ticket_id)
            case BillingTimer():
                due.billed.append(timer.client_id)
            case DigestTimer():
                due.has_digest = True
            case _:
                assert_never(timer)
    return due


async def _take_all_steps(desk: Desk, steps: dict[TicketId, dict[str, Step]]) -> None:
    """Take the passed steps of each ticket, and batch the pings of all tickets by reader."""
    pings: list[DirectPing] = []
    ladders = await desk.work.timers.of_each(steps) if steps else {}
    for ticket_id, by_clock in steps.items():
        ticket = await desk.work.tickets.get_for_update(ticket_id)
        pings += await take_steps(desk, ticket, by_clock, ladders[ticket_id])
    await batch_by_reader(desk, pings)
