"""Clocks: what each ticket was promised, and the breaches on record."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.digest import Judged
from bot.domain.promised import Promised
from bot.ports import ClockRow
from storage.schema import Instant, clients, clocks, tickets


class SqlClocks:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, ticket_id: int, promise: Promised) -> None:
        """Set the promise; the breach on record, if any, stays."""
        values = {
            "starts_at": promise.starts_at,
            "due_at": promise.due_at,
            "warn_at": promise.warn_at,
            "breach_at": promise.breach_at,
            "why": list(promise.why),
        }
        known = update(clocks).where(clocks.c.ticket_id == ticket_id).values(values)
        if (await self._connection.execute(known)).rowcount == 0:
            new = insert(clocks).values(ticket_id=ticket_id, **values)
            await self._connection.execute(new)

    async def get(self, ticket_id: int) -> ClockRow:
        statement = select(clocks).where(clocks.c.ticket_id == ticket_id)
        row = (await self._connection.execute(statement)).one()
        return ClockRow(_promise(row), row.breached_at, row.noticed_at)

    async def record_breach(
        self, ticket_id: int, breached_at: datetime, noticed_at: datetime
    ) -> None:
        await self._set(ticket_id, breached_at=breached_at, noticed_at=noticed_at)

    async def withdraw_breach(self, ticket_id: int) -> None:
        await self._set(ticket_id, breached_at=None, noticed_at=None, reported_at=None)

    async def take_unreported(self, now: datetime) -> list[int]:
        """The tickets whose breach no digest has listed yet; from now on one has."""
        statement = (
            update(clocks)
            .where(clocks.c.noticed_at.is_not(None), clocks.c.reported_at.is_(None))
            .values(reported_at=now)
            .returning(clocks.c.ticket_id)
        )
        return sorted((await self._connection.execute(statement)).scalars())

    async def late(self) -> list[int]:
        """The tickets that are in breach and still not answered."""
        return await self._tickets(and_(clocks.c.breached_at.is_not(None), _UNANSWERED))

    async def at_risk(self, before: datetime) -> list[int]:
        """The unanswered tickets that fall due before an instant and are not in breach (yet)."""
        return await self._tickets(
            and_(clocks.c.due_at < before, clocks.c.breached_at.is_(None), _UNANSWERED)
        )

    async def judged(self, start: datetime, end: datetime) -> list[tuple[int, Judged]]:
        """The promises that fell due in `[start, end)`, a broken one at its breach; each with its
        catalogue version, its plan by id. A ticket that is still untriaged counts only once it is
        answered in time for all severities or late for all."""
        fell_due = func.coalesce(clocks.c.breached_at, clocks.c.due_at, type_=Instant)
        in_time = tickets.c.first_response_at <= clocks.c.due_at
        statement = (
            select(
                tickets.c.catalog_version_id,
                tickets.c.plan_id,
                clients.c.name,
                fell_due.label("fell_due"),
                clocks.c.breached_at,
            )
            .select_from(clocks.join(tickets).join(clients))
            .where(fell_due >= start, fell_due < end)
            .where(clocks.c.breached_at.is_not(None) | in_time)
        )
        rows = await self._connection.execute(statement)
        return [
            (r.catalog_version_id, Judged(r.plan_id, r.name, r.fell_due, r.breached_at is None))
            for r in rows
        ]

    async def _set(self, ticket_id: int, **values: Any) -> None:
        await self._connection.execute(
            update(clocks).where(clocks.c.ticket_id == ticket_id).values(values)
        )

    async def _tickets(self, condition: ColumnElement[bool]) -> list[int]:
        statement = (
            select(tickets.c.id)
            .select_from(clocks.join(tickets))
            .where(condition)
            .order_by(clocks.c.due_at, tickets.c.id)
        )
        return list((await self._connection.execute(statement)).scalars())


_UNANSWERED = tickets.c.first_response_at.is_(None)


def _promise(row: Row[Any]) -> Promised:
    return Promised(row.starts_at, row.due_at, row.warn_at, row.breach_at, tuple(row.why))
