"""The auditor: "each open clock has its next timer in the future or done … what is not is repaired
and reported"."""

from datetime import datetime

from bot.domain.ticket import Ticket
from bot.usecases.clock import set_clocks
from bot.usecases.desk import Desk
from bot.usecases.timing import arm_digest

TICKETS_AN_AUDIT = 200


async def audit(desk: Desk) -> list[int] | None:
    """The tickets that wait for a step that no timer will bring, oldest first; None where this
    minute has been audited, by this process or another one."""
    if not await desk.work.audit.begin(minute_of(desk.now)):
        return None
    if await desk.work.timers.digest_due() is None:
        await arm_digest(desk)
    return await desk.work.audit.unarmed(TICKETS_AN_AUDIT)


async def repair(desk: Desk, ticket_id: int) -> Ticket:
    """Compute the ticket's clocks from its history and arm them; the history says that it was
    needed. A step that has passed meanwhile is due at once."""
    ticket = await desk.work.tickets.get(ticket_id)
    await set_clocks(desk, ticket)
    await desk.note(ticket, "deskbell", "timers_repaired")
    return ticket


def minute_of(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
