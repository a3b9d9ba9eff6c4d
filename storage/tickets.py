"""Tickets."""

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.period import Period
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.ports import NewTicket
from storage.holding import ClientHolds
from storage.schema import clients, tickets

_COLUMNS = [tickets.c[field.name] for field in fields(Ticket)]
_OPEN = tickets.c.state == TicketState.OPEN.value


class SqlTickets:
    def __init__(self, connection: AsyncConnection, holds: ClientHolds) -> None:
        self._connection = connection
        self._holds = holds

    async def add(self, new: NewTicket) -> Ticket:
        """Number and insert. The lock on the client's row makes numbers gapless."""
        taken = (
            update(clients)
            .where(clients.c.id == new.client_id)
            .values(last_number=clients.c.last_number + 1)
            .returning(clients.c.last_number, clients.c.key)
        )
        number, client_key = (await self._connection.execute(taken)).one()
        values = asdict(new) | {
            "number": number,
            "key": f"{client_key}-{number}",
            "state": TicketState.OPEN,
            "counted": True,
            "resolution": "",
        }
        statement = insert(tickets).values(values).returning(*_COLUMNS)
        return _ticket((await self._connection.execute(statement)).one())

    async def get(self, ticket_id: int) -> Ticket:
        found = await self._one(tickets.c.id == ticket_id)
        if found is None:
            raise LookupError(f"no ticket {ticket_id}")
        return found

    async def by_key(self, key: str) -> Ticket | None:
        return await self._one(tickets.c.key == key.upper())

    async def by_thread(self, channel_id: str, thread_ts: str) -> Ticket | None:
        return await self._one(
            and_(tickets.c.channel_id == channel_id, tickets.c.thread_ts == thread_ts)
        )

    async def awaiting_answer(self, channel_id: str) -> list[Ticket]:
        """The open tickets of a channel that no person has answered yet."""
        return await self._where(
            and_(tickets.c.channel_id == channel_id, _OPEN, tickets.c.first_response_at.is_(None))
        )

    async def save(self, ticket: Ticket) -> None:
        values = asdict(ticket)
        ticket_id = values.pop("id")
        await self._connection.execute(
            update(tickets).where(tickets.c.id == ticket_id).values(values)
        )

    async def position(self, ticket: Ticket, period: Period) -> int:
        """Its place (1 = first) among the client's counted tickets of the period, by opening."""
        before = or_(
            tickets.c.opened_at < ticket.opened_at,
            and_(tickets.c.opened_at == ticket.opened_at, tickets.c.id < ticket.id),
        )
        return 1 + await self._count(and_(_counted(ticket.client_id, period), before))

    async def after(self, ticket: Ticket, period: Period) -> list[Ticket]:
        """The client's counted tickets of the period that were opened after this one."""
        later = tickets.c.opened_at > ticket.opened_at
        return await self._where(and_(_counted(ticket.client_id, period), later))

    async def used(self, client_id: int, period: Period) -> int:
        return await self._count(_counted(client_id, period))

    async def all(self) -> list[Ticket]:
        return await self._where(tickets.c.id > 0)

    async def _count(self, condition: ColumnElement[bool]) -> int:
        statement = select(func.count()).select_from(tickets).where(condition)
        return (await self._connection.execute(statement)).scalar_one()

    async def _one(self, condition: ColumnElement[bool]) -> Ticket | None:
        statement = select(*_COLUMNS).where(condition)
        row = (await self._connection.execute(statement)).one_or_none()
        if row is not None and await self._holds.take(row.client_id):
            row = (await self._connection.execute(statement)).one_or_none()
        return _ticket(row) if row else None

    async def _where(self, condition: ColumnElement[bool]) -> list[Ticket]:
        statement = select(*_COLUMNS).where(condition).order_by(tickets.c.id)
        return [_ticket(row) for row in await self._connection.execute(statement)]


def _counted(client_id: int, period: Period) -> ColumnElement[bool]:
    return and_(
        tickets.c.client_id == client_id,
        tickets.c.counted,
        tickets.c.opened_at >= period.start,
        tickets.c.opened_at < period.end,
    )


def _ticket(row: Row[Any]) -> Ticket:
    values = dict(row._mapping)
    values["source"] = Source(row.source)
    values["state"] = TicketState(row.state)
    values["severity_by"] = Side(row.severity_by) if row.severity_by else None
    return Ticket(**values)
