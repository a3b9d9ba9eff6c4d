"""The auditor: "every minute, each open clock has its next timer in the future or done, each outbox
row is young or failed loudly, each inbox row is done; what is not is repaired and reported"."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.finding import Finding, Waiting, WaitsIn, nobody_takes
from bot.domain.ticket import Ticket
from bot.errors import DeskbellError
from bot.usecases.alarm import raise_alarm
from bot.usecases.books import arm_missing_books
from bot.usecases.clock import clocks_stand, set_clocks
from bot.usecases.desk import Desk
from bot.usecases.timing import arm_digest

ROWS_AN_AUDIT = 200
COMPARED_AN_AUDIT = 50
PATIENCE = timedelta(minutes=2)


class CannotRepair(DeskbellError):
    """A ticket's clocks are not what its history gives, however often they are computed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one audit saw, for the next one: how many audits running each row has waited, and
    behind which open ticket the comparing goes on."""

    waiting: Counter[Waiting] = field(default_factory=Counter)
    compared_to: int = 0


@dataclass(frozen=True, slots=True)
class Audited:
    amiss: list[int]  # tickets to be repaired
    compare: list[int]  # tickets to be held against their history
    findings: list[Finding]  # what nobody takes up
    seen: Seen


async def begin_audit(desk: Desk) -> bool:
    """False where this minute has been audited, by this process or another one."""
    if not await desk.work.audit.begin():
        return False
    if await desk.work.timers.digest_due() is None:
        await arm_digest(desk)
    await arm_missing_books(desk)
    return True


async def audit(desk: Desk, before: Seen) -> Audited:
    """What is amiss. A row that waits is suspected at first, since it may be taken up just then;
    the second time a ticket's timer is computed anew, and anything else is a finding."""
    waiting = await desk.work.audit.waiting(desk.now - PATIENCE, ROWS_AN_AUDIT)
    seen = Counter({one: before.waiting[one] + 1 for one in waiting})
    unarmed = await desk.work.audit.unarmed(ROWS_AN_AUDIT)
    compare = await desk.work.audit.open_tickets(before.compared_to, COMPARED_AN_AUDIT)
    reached = compare[-1] if len(compare) == COMPARED_AN_AUDIT else 0
    return Audited(
        sorted({*unarmed, *_overdue(seen)}),
        compare,
        [nobody_takes(one) for one, times in seen.items() if times > 1 + _is_mendable(one)],
        Seen(seen, reached),
    )


def _overdue(seen: Counter[Waiting]) -> Iterable[int]:
    """The tickets of timers that are to be mended."""
    return (one.ticket_id for one, times in seen.items() if one.ticket_id and _mend(one, times))


def _mend(one: Waiting, times: int) -> bool:
    return _is_mendable(one) and times == 2


def _is_mendable(one: Waiting) -> bool:
    return one.where is WaitsIn.TIMERS and one.ticket_id is not None


async def is_in_order(desk: Desk, ticket_id: int) -> bool:
    return await clocks_stand(desk, await desk.work.tickets.get(ticket_id))


async def repair(desk: Desk, ticket_id: int) -> Ticket:
    """Compute the ticket's clocks from its history and arm them; the history says that it was
    needed. A step that has passed meanwhile is due at once. Raises CannotRepair."""
    ticket = await desk.work.tickets.get(ticket_id)
    await set_clocks(desk, ticket)
    if not await clocks_stand(desk, ticket):
        raise CannotRepair(
            f"the clocks of {ticket.key} are not as its history gives them, and computing them anew"
            " does not help: please report it with the output of `deskbell export tickets --json`"
        )
    await desk.note(ticket, "deskbell", "timers_repaired")
    await desk.refresh_cards(ticket)
    return ticket


async def report(desk: Desk, finding: Finding) -> None:
    """Tell the operators of what could not be put right, once."""
    await raise_alarm(desk, f"audit:{finding.key}", f"The audit found that {finding.words}.")
