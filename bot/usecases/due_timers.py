"""Firing due timers: escalation steps, ends of snoozes, books and the digest."""

from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import client_of_billing_timer
from bot.domain.ids import ClientId, TicketId
from bot.domain.messages import Outgoing
from bot.usecases.agreements.billing_periods import update_billing
from bot.usecases.desk import Desk
from bot.usecases.escalation.escalation_steps import take_steps
from bot.usecases.escalation.pings import batch_by_reader
from bot.usecases.reports.digest import arm_digest, write_digest
from bot.usecases.tickets.handling.snooze import wake_up

BATCH = 200


async def fire_due(desk: Desk, *, limit: int = BATCH, skip: int = 0) -> int:
    """Claim up to `limit` due timers, act on them in this transaction, and return their number.

    `skip` leaves out that many of the oldest timers, which crashed before. Steps that are due
    together for a ticket (after an outage) share a message, with the last step of each clock. The
    digest is written last.
    """
    timers = await desk.work.timers.claim(desk.now, limit, skip)
    steps: dict[int, dict[str, Step]] = {}
    for timer in timers:
        if timer.ticket_id is not None and timer.clock is not None and timer.step is not None:
            steps.setdefault(timer.ticket_id, {})[timer.clock] = timer.step
        elif timer.ticket_id is not None:
            await wake_up(desk, await desk.work.tickets.get_for_update(TicketId(timer.ticket_id)))
    pings: list[Outgoing] = []
    of_each = await desk.work.timers.of_each(steps) if steps else {}
    for ticket_id, by_clock in steps.items():
        ticket = await desk.work.tickets.get_for_update(TicketId(ticket_id))
        pings += await take_steps(desk, ticket, by_clock, of_each[ticket_id])
    await batch_by_reader(desk, pings)
    for timer in timers:
        if timer.ticket_id is None and timer.clock is not None:
            await update_billing(desk, ClientId(client_of_billing_timer(timer.clock)))
    if any(timer.ticket_id is None and timer.clock is None for timer in timers):
        await write_digest(desk)
        await arm_digest(desk)
    return len(timers)
