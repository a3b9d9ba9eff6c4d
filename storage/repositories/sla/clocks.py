"""Clocks: the deadlines of every ticket, and the recorded breaches."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import TicketId
from bot.domain.reports.digest import Judged
from bot.domain.sla.clocks.deadline import Deadline
from bot.domain.sla.clocks.measured_spans import Span
from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.domain.sla.clocks.stored_clock import ClockRow
from bot.domain.sla.targets.metric import Metric
from storage.engine.rows import put_rows
from storage.repositories.tickets.tickets import OPEN
from storage.tables.columns import Instant
from storage.tables.operations import clients
from storage.tables.sla import clocks
from storage.tables.tickets import tickets

_KEY = ("ticket_id", "metric", "number")
_FIRST_RESPONSE = clocks.c.metric == Metric.FIRST_RESPONSE.value
_UNREPORTED = and_(clocks.c.noticed_at.is_not(None), clocks.c.reported_at.is_(None))
_NOT_STOPPED = clocks.c.stops_at.is_(None)
_IN_ORDER = select(clocks).order_by(clocks.c.begins_at, clocks.c.id)
_OF_TICKET = _IN_ORDER.where(clocks.c.ticket_id == bindparam("wanted"))
_OF_TICKETS = _IN_ORDER.where(clocks.c.ticket_id.in_(bindparam("wanted", expanding=True)))

_ONE = update(clocks).where(
    clocks.c.ticket_id == bindparam("wanted"),
    clocks.c.metric == bindparam("of_metric"),
    clocks.c.number == bindparam("of_number"),
)
# Built once: building a statement takes longer than running it.
_BREACHED = _ONE.values(
    breached_at=bindparam("at", type_=Instant), noticed_at=bindparam("noticed", type_=Instant)
)


class SqlClocks:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, ticket_id: TicketId, computed: Sequence[SlaClock]) -> None:
        """Replace the ticket's clocks; the recorded breaches stay."""
        await put_rows(
            self._connection, clocks, _KEY, [_values(ticket_id, clock) for clock in computed]
        )

    async def of(self, ticket_id: TicketId) -> list[ClockRow]:
        """Return a ticket's clocks in the order in which they began, the first response first."""
        rows = await self._connection.execute(_OF_TICKET, {"wanted": ticket_id})
        return [_row(row) for row in rows]

    async def of_each(self, ticket_ids: Collection[TicketId]) -> dict[TicketId, list[ClockRow]]:
        """Return the clocks of several tickets, by ticket ID."""
        clocks_of: dict[TicketId, list[ClockRow]] = {ticket_id: [] for ticket_id in ticket_ids}
        rows = await self._connection.execute(_OF_TICKETS, {"wanted": list(ticket_ids)})
        for row in rows:
            clocks_of[row.ticket_id].append(_row(row))
        return clocks_of

    async def record_breach(
        self, ticket_id: TicketId, clock: str, breached_at: datetime, noticed_at: datetime
    ) -> None:
        await self._connection.execute(
            _BREACHED, _which(ticket_id, clock) | {"at": breached_at, "noticed": noticed_at}
        )

    async def correct_breach(self, ticket_id: TicketId, clock: str, breached_at: datetime) -> None:
        """Move a recorded breach to an earlier instant; the instant when it was noticed stays."""
        await self._set(ticket_id, clock, breached_at=breached_at)

    async def withdraw_breach(self, ticket_id: TicketId, clock: str) -> None:
        await self._set(ticket_id, clock, breached_at=None, noticed_at=None, reported_at=None)

    async def unreported(self) -> list[tuple[TicketId, str]]:
        """Return the tickets and clocks whose breach no digest has listed yet."""
        names = select(clocks.c.ticket_id, clocks.c.metric, clocks.c.number).where(_UNREPORTED)
        rows = await self._connection.execute(names)
        return sorted((row.ticket_id, _name(row.metric, row.number)) for row in rows)

    async def take_unreported(self, now: datetime) -> list[tuple[TicketId, str]]:
        """Return the tickets and clocks whose breach no digest has listed yet, and mark them as
        listed.
        """
        statement = (
            update(clocks)
            .where(_UNREPORTED)
            .values(reported_at=now)
            .returning(clocks.c.ticket_id, clocks.c.metric, clocks.c.number)
        )
        rows = (await self._connection.execute(statement)).all()
        return sorted((row.ticket_id, _name(row.metric, row.number)) for row in rows)

    async def late(self) -> list[tuple[TicketId, str]]:
        """Return the clocks that are in breach and still running."""
        return await self._named(and_(clocks.c.breached_at.is_not(None), _NOT_STOPPED))

    async def at_risk(self, before: datetime) -> list[tuple[TicketId, str]]:
        """Return the running clocks that fall due before an instant and are not in breach."""
        return await self._named(
            and_(clocks.c.due_at < before, clocks.c.breached_at.is_(None), _NOT_STOPPED)
        )

    async def pressing(self, now: datetime) -> list[TicketId]:
        """Return the open tickets with a breach, or with a running clock past three quarters."""
        at_risk = and_(clocks.c.warn_at <= now, clocks.c.breached_at.is_(None), _NOT_STOPPED)
        statement = (
            select(clocks.c.ticket_id)
            .distinct()
            .select_from(clocks.join(tickets))
            .where(OPEN, or_(clocks.c.breached_at.is_not(None), at_risk))
        )
        return list((await self._connection.execute(statement)).scalars())

    async def breached(self, start: datetime, end: datetime) -> list[tuple[TicketId, str]]:
        """Return the clocks whose breach is in `[start, end)`, by the breach's true instant."""
        at = clocks.c.breached_at
        return await self._named(and_(at >= start, at < end))

    async def causes(self, start: datetime, end: datetime) -> dict[str | None, int]:
        """Count the breaches in `[start, end)` by the cause that staff recorded; None for none."""
        at = clocks.c.breached_at
        counted = (
            select(tickets.c.cause, func.count().label("how_many"))
            .select_from(clocks.join(tickets))
            .where(at >= start, at < end)
            .group_by(tickets.c.cause)
        )
        rows = await self._connection.execute(counted)
        return {row.cause or None: row.how_many for row in rows}

    async def judged(self, start: datetime, end: datetime) -> list[tuple[int, Judged]]:
        """Return the first responses that fell due in `[start, end)`, with catalogue version and
        plan id.

        A breached response counts at its breach. A ticket without a severity counts only once its
        answer is in time for all severities or late for all.
        """
        fell_due = func.coalesce(clocks.c.breached_at, clocks.c.due_at, type_=Instant)
        in_time = and_(
            tickets.c.first_response_at <= clocks.c.due_at, clocks.c.cancelled.is_(False)
        )
        statement = (
            select(
                tickets.c.catalog_version_id,
                tickets.c.plan_id,
                clients.c.name,
                fell_due.label("fell_due"),
                clocks.c.breached_at,
            )
            .select_from(clocks.join(tickets).join(clients))
            .where(_FIRST_RESPONSE, fell_due >= start, fell_due < end)
            .where(or_(clocks.c.breached_at.is_not(None), in_time))
        )
        rows = await self._connection.execute(statement)
        return [
            (r.catalog_version_id, Judged(r.plan_id, r.name, r.fell_due, r.breached_at is None))
            for r in rows
        ]

    async def _set(self, ticket_id: TicketId, clock: str, **values: Any) -> None:
        statement = _ONE.values(values)
        await self._connection.execute(statement, _which(ticket_id, clock))

    async def _named(self, condition: ColumnElement[bool]) -> list[tuple[TicketId, str]]:
        statement = (
            select(clocks.c.ticket_id, clocks.c.metric, clocks.c.number)
            .where(condition)
            .order_by(clocks.c.due_at, clocks.c.ticket_id)
        )
        rows = await self._connection.execute(statement)
        return [(row.ticket_id, _name(row.metric, row.number)) for row in rows]


def _which(ticket_id: TicketId, clock: str) -> dict[str, Any]:
    metric, _, number = clock.partition(":")
    return {"wanted": ticket_id, "of_metric": metric, "of_number": int(number)}


def _name(metric: str, number: int) -> str:
    return f"{metric}:{number}"


def _values(ticket_id: TicketId, clock: SlaClock) -> dict[str, Any]:
    span, deadline = clock.span, clock.deadline
    return {
        "ticket_id": ticket_id,
        "metric": span.metric.value,
        "number": span.number,
        "begins_at": span.begins_at,
        "stops_at": span.stops_at,
        "cancelled": span.cancelled,
        "paused": clock.paused,
        "severity": deadline.severity,
        "starts_at": deadline.starts_at,
        "due_at": deadline.due_at,
        "warn_at": deadline.warn_at,
        "breach_at": deadline.breach_at,
        "why": [],  # the reasons are computed from the history where they are shown
    }


def _row(row: Row[Any]) -> ClockRow:
    span = Span(Metric(row.metric), row.number, row.begins_at, row.stops_at, row.cancelled)
    deadline = Deadline(
        row.starts_at, row.due_at, row.warn_at, row.breach_at, severity=row.severity
    )
    return ClockRow(SlaClock(span, deadline, row.paused), row.breached_at, row.noticed_at)
