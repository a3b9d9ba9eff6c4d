"""Firing due timers: escalation steps, ends of snoozes, books and the digest."""

from bot.domain.digest import next_digest
from bot.domain.ladder import Step
from bot.ports import Outgoing, client_of_books
from bot.usecases.books import keep_books
from bot.usecases.desk import Desk
from bot.usecases.digesting import write_digest
from bot.usecases.snoozing import wake_up
from bot.usecases.stepping import take_steps
from bot.usecases.telling import together

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
            await wake_up(desk, await desk.work.tickets.get(timer.ticket_id))
    pings: list[Outgoing] = []
    of_each = await desk.work.timers.of_each(steps) if steps else {}
    for ticket_id, by_clock in steps.items():
        ticket = await desk.work.tickets.get(ticket_id)
        pings += await take_steps(desk, ticket, by_clock, of_each[ticket_id])
    await together(desk, pings)
    for timer in timers:
        if timer.ticket_id is None and timer.clock is not None:
            await keep_books(desk, client_of_books(timer.clock))
    if any(timer.ticket_id is None and timer.clock is None for timer in timers):
        await write_digest(desk)
        await arm_digest(desk)
    return len(timers)


async def arm_digest(desk: Desk) -> None:
    """Set the timer of the next digest at its local time; an overdue timer is left to fire."""
    due_at = await desk.work.timers.digest_due()
    if due_at is None or due_at > desk.now:
        places = desk.places
        following = next_digest(desk.now, places.digest_at, places.zone, places.digest_days)
        await desk.work.timers.arm_digest(following)
