"""What time brings: the due rows, and the digest among them."""

from bot.domain.digest import next_digest
from bot.ports import Timer
from bot.usecases.clock import take_step
from bot.usecases.desk import Desk
from bot.usecases.digesting import write_digest

BATCH = 200


async def fire_due(desk: Desk, *, limit: int = BATCH, skip: int = 0) -> int:
    """Claim a batch of what is due and act on it, in this one transaction; returns how many.
    `skip` leaves out so many of the oldest, which a crash has shown to be poison.

    Several steps of one clock that are due together (after an outage) become the last of them.
    """
    timers = await desk.work.timers.claim(desk.now, limit, skip)
    last = {(timer.ticket_id, timer.clock): timer for timer in timers}
    for timer in last.values():
        await _act(desk, timer)
    return len(timers)


async def _act(desk: Desk, timer: Timer) -> None:
    if timer.ticket_id is None or timer.clock is None or timer.step is None:
        await write_digest(desk)
        await arm_digest(desk)
        return
    await take_step(desk, await desk.work.tickets.get(timer.ticket_id), timer.clock, timer.step)


async def arm_digest(desk: Desk) -> None:
    """Let the next digest be due at its local time; one that is overdue is left to fire."""
    due_at = await desk.work.timers.digest_due()
    if due_at is None or due_at > desk.now:
        following = next_digest(desk.now, desk.places.digest_at, desk.places.zone)
        await desk.work.timers.arm_digest(following)
