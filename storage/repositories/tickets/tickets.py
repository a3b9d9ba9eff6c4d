"""Tickets and their numbers."""

from collections.abc import Collection
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.period import Period
from bot.domain.ids import ChannelId, ClientId, TicketId
from bot.domain.operations.client import Client
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.domain.tickets.new_ticket import NewTicket
from bot.slack_ts import MessageTs
from storage.engine.client_locks import ClientLocks
from storage.repositories.client_rows import (
    AGREEMENT_COLUMNS,
    CLIENT_COLUMNS,
    agreement_of,
    client_of,
)
from storage.tables.agreements import agreements
from storage.tables.columns import Instant
from storage.tables.operations import clients
from storage.tables.tickets import NONE_IF_EMPTY, tickets

_NAMES = [field.name for field in fields(Ticket)]
_NEW = [field.name for field in fields(NewTicket)]
_COLUMNS = [tickets.c[name] for name in _NAMES]
_OF_TICKET = len(_COLUMNS)
_OF_CLIENT = _OF_TICKET + len(CLIENT_COLUMNS)
# Must equal the condition of the index of open tickets, or SQLite does not use the index.
OPEN = tickets.c.state == literal(TicketState.OPEN.value, literal_execute=True)
_WANTED: BindParameter[Any] = bindparam("wanted")
_ALL = select(*_COLUMNS)
_BY_ID = _ALL.where(tickets.c.id == _WANTED)
_WITH_PARTIES = (
    select(*_COLUMNS, *CLIENT_COLUMNS, *AGREEMENT_COLUMNS)
    .select_from(tickets.join(clients).join(agreements, agreements.c.id == tickets.c.agreement_id))
    .where(tickets.c.id.in_(bindparam("wanted", expanding=True)))
    .order_by(tickets.c.id)
)
_BY_KEY = _ALL.where(tickets.c.key == _WANTED)
_BY_THREAD = _ALL.where(tickets.c.channel_id == _WANTED, tickets.c.thread_ts == bindparam("root"))
_NUMBER = (
    update(clients)
    .where(clients.c.id == _WANTED)
    .values(last_number=clients.c.last_number + 1)
    .returning(clients.c.last_number, clients.c.key)
)
_ADD = insert(tickets).returning(*_COLUMNS)
_COUNTED = and_(
    tickets.c.client_id == _WANTED,
    tickets.c.plan_id == bindparam("plan"),
    tickets.c.counted,
    tickets.c.opened_at >= bindparam("since"),
    tickets.c.opened_at < bindparam("until"),
)
_USED = select(func.count()).select_from(tickets).where(_COUNTED)
_OPENED: BindParameter[Any] = bindparam("opened", type_=Instant)
_BEFORE = _USED.where(
    or_(
        tickets.c.opened_at < _OPENED,
        and_(tickets.c.opened_at == _OPENED, tickets.c.id < bindparam("own_id")),
    )
)
_AFTER = _ALL.where(_COUNTED, tickets.c.opened_at > _OPENED).order_by(tickets.c.id)


class SqlTickets:
    def __init__(self, connection: AsyncConnection, holds: ClientLocks) -> None:
        self._connection = connection
        self._holds = holds

    async def add(self, new: NewTicket) -> Ticket:
        """Number and insert a ticket. The lock on the client's row makes the numbers gapless."""
        taken = await self._connection.execute(_NUMBER, {"wanted": new.client_id})
        number, client_key = taken.one()
        values = {name: getattr(new, name) for name in _NEW} | {
            "number": number,
            "key": f"{client_key}-{number}",
            "state": TicketState.OPEN,
            "resolution": "",
        }
        return _ticket((await self._connection.execute(_ADD, values)).one())

    async def get_for_update(self, ticket_id: TicketId) -> Ticket:
        ticket = await self._read(_BY_ID, wanted=ticket_id)
        if ticket is None:
            raise LookupError(f"no ticket {ticket_id}")
        return ticket

    async def by_key_for_update(self, key: str) -> Ticket | None:
        return await self._read(_BY_KEY, wanted=key.upper())

    async def by_thread_for_update(
        self, channel_id: ChannelId, thread_ts: MessageTs
    ) -> Ticket | None:
        return await self._read(_BY_THREAD, wanted=channel_id, root=thread_ts)

    async def awaiting_answer(self, channel_id: ChannelId) -> list[Ticket]:
        """Return the open tickets of a channel that have no answer from a person yet."""
        return await self._where(
            and_(tickets.c.channel_id == channel_id, OPEN, tickets.c.first_response_at.is_(None))
        )

    async def save(self, ticket: Ticket) -> None:
        values = {name: getattr(ticket, name) for name in _NAMES}
        values |= {name: values[name] or "" for name in NONE_IF_EMPTY}
        ticket_id = values.pop("id")
        await self._connection.execute(
            update(tickets).where(tickets.c.id == ticket_id).values(values)
        )

    async def position(self, ticket: Ticket, period: Period) -> int:
        """Return the ticket's position (1 = first) among the client's counted tickets.

        Only tickets of the same plan and period count, ordered by opening.
        """
        place = {"opened": ticket.opened_at, "own_id": ticket.id}
        return 1 + await self._count(_BEFORE, _of(ticket.client_id, ticket.plan_id, period) | place)

    async def after(self, ticket: Ticket, period: Period) -> list[Ticket]:
        """Return the client's counted tickets of its plan and the period that were opened after
        it.
        """
        parameters = _of(ticket.client_id, ticket.plan_id, period) | {"opened": ticket.opened_at}
        return [_ticket(row) for row in await self._connection.execute(_AFTER, parameters)]

    async def used(self, client_id: ClientId, plan_id: str, period: Period) -> int:
        return await self._count(_USED, _of(client_id, plan_id, period))

    async def of_client(self, client_id: ClientId, before: datetime) -> list[Ticket]:
        """Return all tickets of a client opened before an instant, counted or not."""
        return await self._where(
            and_(tickets.c.client_id == client_id, tickets.c.opened_at < before)
        )

    async def all(self) -> list[Ticket]:
        return await self._where(tickets.c.id > 0)

    async def open_ids(self, client_id: ClientId | None = None) -> list[TicketId]:
        """Return the ids of the open tickets, of a client or of all clients, without locks."""
        whose = tickets.c.client_id == client_id if client_id is not None else true()
        statement = select(tickets.c.id).where(OPEN, whose).order_by(tickets.c.id)
        return list((await self._connection.execute(statement)).scalars())

    async def open_for(self, people: Collection[str], present: Collection[str]) -> list[TicketId]:
        """Return the open tickets that these people may be responsible for, and a few more,
        without locks.

        Includes tickets assigned to them or to anybody not in `present`, and tickets of clients
        whose account engineer is or was either of these (a backup acts if the engineer is not
        present).
        """

        def part_of(person: ColumnElement[str]) -> ColumnElement[bool]:
            return or_(person.in_(people), person.not_in(present))

        named = select(agreements.c.client_id).where(part_of(agreements.c.engineer))
        their = or_(part_of(tickets.c.assignee), tickets.c.client_id.in_(named))
        statement = select(tickets.c.id).where(OPEN, their).order_by(tickets.c.id)
        return list((await self._connection.execute(statement)).scalars())

    async def open_keys(self) -> list[str]:
        statement = select(tickets.c.key).where(OPEN)
        return list((await self._connection.execute(statement)).scalars())

    async def with_parties(
        self, ticket_ids: Collection[TicketId]
    ) -> list[tuple[Ticket, Client, Agreement]]:
        """Return tickets with their client and the agreement they were opened under, without
        locks.
        """
        rows = await self._connection.execute(_WITH_PARTIES, {"wanted": list(ticket_ids)})
        return [
            (_ticket(row), client_of(row[_OF_TICKET:_OF_CLIENT]), agreement_of(row[_OF_CLIENT:]))
            for row in rows
        ]

    async def merged_into(self, key: str) -> list[Ticket]:
        """Return the tickets that were merged into the ticket with this key."""
        return await self._where(tickets.c.merged_into == key)

    async def _count(self, statement: Select[int], parameters: dict[str, Any]) -> int:
        return (await self._connection.execute(statement, parameters)).scalar_one()

    async def _read(self, statement: Select[Any], **parameters: Any) -> Ticket | None:
        row = (await self._connection.execute(statement, parameters)).one_or_none()
        if row is not None and await self._holds.take(row.client_id):
            row = (await self._connection.execute(statement, parameters)).one_or_none()
        return _ticket(row) if row else None

    async def _where(self, condition: ColumnElement[bool]) -> list[Ticket]:
        statement = select(*_COLUMNS).where(condition).order_by(tickets.c.id)
        return [_ticket(row) for row in await self._connection.execute(statement)]


def _of(client_id: ClientId, plan_id: str, period: Period) -> dict[str, Any]:
    return {"wanted": client_id, "plan": plan_id, "since": period.start, "until": period.end}


def _ticket(row: Row[Any]) -> Ticket:
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=False))
    values["source"] = Source(values["source"])
    values["state"] = TicketState(values["state"])
    values |= {name: values[name] or None for name in NONE_IF_EMPTY}
    by = values["severity_by"]
    values["severity_by"] = Side(by) if by else None
    return Ticket(**values)
