"""How a new catalogue version would change the due times of open tickets.

The comparison writes nothing. Open clocks never move to a new version ("open clocks keep theirs");
a vendor asks before the version comes into force.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.misfits import MisfitReason, PlanGone, SeverityGone, TermsUnfit
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.sla.clocks.clock_events import clock_events_of
from bot.domain.sla.clocks.measured_spans import ClockEvent
from bot.domain.sla.clocks.sla_clock import SlaClock, clocks_of
from bot.domain.sla.clocks.stored_clock import ClockRow
from bot.domain.ticket import Ticket
from bot.errors import ConfigurationError
from bot.usecases.desk import Desk

# Return a plan of the new version (plan ID, the agreement's own terms). Raises ConfigurationError
# if the terms do not fit the plan.
AsAgreed = Callable[[str, str | None], Plan]


@dataclass(frozen=True, slots=True)
class Move:
    """A running clock as it is (`before`) and as the new version's `plan` would compute it
    (`after`).

    A version without such a clock gives None. `late_before` and `late_after` say whether the clock
    is breached, on record or by now.
    """

    ticket: Ticket
    client: str
    plan: Plan
    before: SlaClock | None
    after: SlaClock | None
    late_before: bool
    late_after: bool

    @property
    def clock(self) -> SlaClock:
        """Return either clock: both measure the same span."""
        clock = self.before or self.after
        if clock is None:
            raise LookupError("a move without a clock")
        return clock

    @property
    def would_breach(self) -> bool:
        """Whether the new version would breach a clock that is not breached now."""
        return self.late_after and not self.late_before

    @property
    def is_earlier(self) -> bool:
        """Whether the clock would be due earlier under the new version."""
        return _is_before(_due(self.after), _due(self.before))

    @property
    def is_later(self) -> bool:
        """Whether the clock would be due later under the new version."""
        return _is_before(_due(self.before), _due(self.after))


@dataclass(frozen=True, slots=True)
class Misfit:
    """A ticket or agreement to which the new version cannot be applied.

    `subject` is the key of the ticket or of the client.
    """

    subject: str
    client: str
    why: MisfitReason


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result. `looked_at` is the number of tickets compared; `elsewhere` names the other
    catalogues that open tickets belong to."""

    looked_at: int
    moves: tuple[Move, ...]
    misfits: tuple[Misfit, ...]
    elsewhere: tuple[str, ...]


async def compare_open(desk: Desk, name: str, new: Catalog, as_agreed: AsAgreed) -> Comparison:
    """Compare the tickets of catalogue `name` that are open or unanswered with its `new` version.

    Recompute their clocks from their histories. Nothing is written.
    """
    own = {ticket: await desk.plan_of(ticket) for ticket in await _open_tickets(desk)}
    tickets = [ticket for ticket, plan in own.items() if plan.catalog == name]
    moves: list[Move] = []
    misfits = await _unfit_agreements(desk, name, new, as_agreed)
    for ticket in tickets:
        agreement = await desk.work.clients.agreement(ticket.agreement_id)
        try:
            plan = _plan_in_new_version(new, as_agreed, ticket.plan_id, agreement)
            moves += await _moves(desk, ticket, plan)
        except _DoesNotFit as misfit:
            client = await desk.work.clients.by_id_for_update(ticket.client_id)
            misfits.append(Misfit(ticket.key, client.name, misfit.reason))
    elsewhere = sorted({plan.catalog for plan in own.values()} - {name})
    return Comparison(len(tickets), tuple(moves), tuple(misfits), tuple(elsewhere))


@dataclass(eq=False)
class _DoesNotFit(Exception):
    """The new version cannot be applied to a ticket or an agreement."""

    reason: MisfitReason


async def _open_tickets(desk: Desk) -> list[Ticket]:
    """Return all tickets that are open or unanswered."""
    return [
        ticket
        for ticket in await desk.work.tickets.all()
        if ticket.is_open or ticket.first_response_at is None
    ]


async def _unfit_agreements(
    desk: Desk, name: str, new: Catalog, as_agreed: AsAgreed
) -> list[Misfit]:
    """Return the agreements in force that could not open a ticket under the new version."""
    misfits = []
    for client in await desk.work.clients.all():
        agreement = await desk.work.clients.agreement_at(client.id, desk.now)
        if agreement is None or agreement.plan_id is None or agreement.catalog != name:
            continue
        try:
            _plan_in_new_version(new, as_agreed, agreement.plan_id, agreement)
        except _DoesNotFit as misfit:
            misfits.append(Misfit(client.key, client.name, misfit.reason))
    return misfits


def _plan_in_new_version(
    new: Catalog, as_agreed: AsAgreed, plan_id: str, agreement: Agreement
) -> Plan:
    """Return the ticket's or client's plan in the new version. Raises _DoesNotFit."""
    if plan_id not in new.plans:
        raise _DoesNotFit(PlanGone(plan_id))
    try:
        return as_agreed(plan_id, agreement.terms)
    except ConfigurationError as fault:
        raise _DoesNotFit(TermsUnfit(tuple(str(fault).splitlines()))) from None


async def _moves(desk: Desk, ticket: Ticket, plan: Plan) -> list[Move]:
    """Return the running clocks whose due time would change, or that would be breached."""
    moments = clock_events_of(ticket, await desk.work.history.of(ticket.id))
    _check_severities(plan, moments)
    client = await desk.work.clients.by_id_for_update(ticket.client_id)
    rows = {row.clock.name: row for row in await desk.work.clocks.of(ticket.id)}
    clocks = {clock.name: clock for clock in clocks_of(plan, moments)}
    moves = []
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
            moves.append(move)
    return moves


def _check_severities(plan: Plan, moments: Sequence[ClockEvent]) -> None:
    """Raise _DoesNotFit if the new version lacks a severity that the ticket ever had.

    Each of them took part in computing the clocks.
    """
    known = {sla_target.severity.id for sla_target in plan.sla_targets}
    for moment in moments:
        if moment.severity is not None and moment.severity not in known:
            raise _DoesNotFit(SeverityGone(moment.severity))


def _is_late(row: ClockRow, now: datetime) -> bool:
    """Return whether the clock is breached, on record or by now."""
    return row.breached_at is not None or row.clock.broken_at(now) is not None


def _due(clock: SlaClock | None) -> datetime | None:
    """Return the clock's due time, or None."""
    return clock.deadline.due_at if clock else None


def _is_before(first: datetime | None, second: datetime | None) -> bool:
    """Return whether `first` comes before `second`; None (never due) comes after every instant."""
    return first is not None and (second is None or first < second)
