"""What a new version of a catalogue would change, were the open tickets held against it.

They never are: "open clocks keep theirs". A vendor asks before the version comes into force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.client import Agreement
from bot.domain.clocks import Clock, clocks_of
from bot.domain.life import Moment
from bot.domain.plan import Catalog, Plan
from bot.domain.ticket import Ticket
from bot.errors import ConfigurationError
from bot.ports import ClockRow
from bot.usecases.desk import Desk
from bot.usecases.moments import moments_of

# A plan of the new version, by its id, with an agreement's own terms in it; ConfigurationError
# where the terms do not fit it.
AsAgreed = Callable[[str, str], Plan]


@dataclass(frozen=True, slots=True)
class Move:
    """A clock of a ticket that runs, as it is (`before`) and as the new version's `plan` would
    have it; None where a version has no such clock. `late_before` and `late_after` are breaches,
    on record or by now."""

    ticket: Ticket
    client: str
    plan: Plan
    before: Clock | None
    after: Clock | None
    late_before: bool
    late_after: bool

    @property
    def clock(self) -> Clock:
        """Either: both are of one span."""
        found = self.before or self.after
        if found is None:
            raise LookupError("a move without a clock")
        return found

    @property
    def would_breach(self) -> bool:
        return self.late_after and not self.late_before

    @property
    def is_earlier(self) -> bool:
        return _is_before(_due(self.after), _due(self.before))

    @property
    def is_later(self) -> bool:
        return _is_before(_due(self.before), _due(self.after))


@dataclass(frozen=True, slots=True)
class Misfit:
    """A ticket, or a client's agreement, that the new version has no answer for. `why` ends the
    sentence that `subject` begins: "ACME-3 is on “gold”, which …"."""

    subject: str  # a ticket's key, or a client's
    client: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`looked_at` is the number of tickets; `elsewhere` names the catalogues of the other ones."""

    looked_at: int
    moves: tuple[Move, ...]
    misfits: tuple[Misfit, ...]
    elsewhere: tuple[str, ...]


async def compare_open(desk: Desk, name: str, new: Catalog, as_agreed: AsAgreed) -> Comparison:
    """Hold every ticket of the catalogue `name` that is open or still unanswered against the new
    version of it, by its history. Nothing is written."""
    own = {ticket: await desk.plan_of(ticket) for ticket in await _open_tickets(desk)}
    tickets = [ticket for ticket, plan in own.items() if plan.catalog == name]
    moves: list[Move] = []
    misfits = await _agreements_that_do_not_fit(desk, name, new, as_agreed)
    for ticket in tickets:
        agreement = await desk.work.clients.agreement(ticket.agreement_id)
        try:
            plan = _plan(new, as_agreed, ticket.plan_id, agreement)
            moves += await _moves(desk, ticket, plan)
        except _DoesNotFit as fault:
            client = await desk.work.clients.by_id(ticket.client_id)
            misfits.append(Misfit(ticket.key, client.name, str(fault)))
    elsewhere = sorted({plan.catalog for plan in own.values()} - {name})
    return Comparison(len(tickets), tuple(moves), tuple(misfits), tuple(elsewhere))


class _DoesNotFit(Exception):
    """The end of a misfit's sentence."""


async def _open_tickets(desk: Desk) -> list[Ticket]:
    return [
        ticket
        for ticket in await desk.work.tickets.all()
        if ticket.is_open or ticket.first_response_at is None
    ]


async def _agreements_that_do_not_fit(
    desk: Desk, name: str, new: Catalog, as_agreed: AsAgreed
) -> list[Misfit]:
    """Those in force under which the next ticket could not be opened."""
    found = []
    for client in await desk.work.clients.all():
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        if agreement is None or not agreement.has_plan or agreement.catalog != name:
            continue
        try:
            _plan(new, as_agreed, agreement.plan_id, agreement)
        except _DoesNotFit as fault:
            found.append(Misfit(client.key, client.name, str(fault)))
    return found


def _plan(new: Catalog, as_agreed: AsAgreed, plan_id: str, agreement: Agreement) -> Plan:
    if plan_id not in new.plans:
        raise _DoesNotFit(f"is on “{plan_id}”, which the new file does not have")
    try:
        return as_agreed(plan_id, agreement.terms)
    except ConfigurationError as fault:
        faults = "; ".join(str(fault).splitlines())
        raise _DoesNotFit(
            f"has terms of its own that the new file does not fit: {faults}"
        ) from None


async def _moves(desk: Desk, ticket: Ticket, plan: Plan) -> list[Move]:
    """The running clocks that would be due at another time, or late all at once."""
    moments = moments_of(ticket, await desk.work.history.of(ticket.id))
    _check_severities(plan, moments)
    client = await desk.work.clients.by_id(ticket.client_id)
    rows = {row.clock.name: row for row in await desk.work.clocks.of(ticket.id)}
    clocks = {clock.name: clock for clock in clocks_of(plan, moments)}
    found = []
    for name in dict.fromkeys((*rows, *clocks)):
        row, after = rows.get(name), clocks.get(name)
        move = Move(
            ticket,
            client.name,
            plan,
            before=row.clock if row else None,
            after=after,
            late_before=row is not None and _is_late(row, desk.now),
            late_after=after is not None and after.broken_at(desk.now) is not None,
        )
        if move.clock.span.runs and (move.is_earlier or move.is_later or move.would_breach):
            found.append(move)
    return found


def _check_severities(plan: Plan, moments: Sequence[Moment]) -> None:
    """All that the ticket ever had: each had its part in the clocks."""
    known = {promise.severity.id for promise in plan.promises}
    for moment in moments:
        if moment.severity is not None and moment.severity not in known:
            raise _DoesNotFit(f"has been “{moment.severity}”, which the new file does not have")


def _is_late(row: ClockRow, now: datetime) -> bool:
    return row.breached_at is not None or row.clock.broken_at(now) is not None


def _due(clock: Clock | None) -> datetime | None:
    return clock.promise.due_at if clock else None


def _is_before(one: datetime | None, other: datetime | None) -> bool:
    """What is never due comes after all that is."""
    return one is not None and (other is None or one < other)
