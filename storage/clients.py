"""Clients, their agreements, and the vendor's staff."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.client import Agreement, Client, Role, StaffMember
from storage.holding import ClientHolds
from storage.rows import put_rows
from storage.schema import agreements, clients, staff

FOLLOW_UP_MINUTES = 5


class SqlClients:
    """An agreement is a version and never changes: one transaction reads it once."""

    def __init__(self, connection: AsyncConnection, holds: ClientHolds) -> None:
        self._connection = connection
        self._holds = holds
        self._agreements: dict[int, Agreement] = {}

    async def add(self, key: str, name: str, channel_id: str | None) -> Client:
        values = {
            "key": key,
            "name": name,
            "channel_id": channel_id,
            "join_minutes": FOLLOW_UP_MINUTES,
            "last_number": 0,
        }
        statement = insert(clients).values(values).returning(clients)
        return _client((await self._connection.execute(statement)).one())

    async def agree(self, agreement: Agreement) -> Agreement:
        statement = (
            insert(agreements)
            .values(
                client_id=agreement.client_id,
                catalog=agreement.catalog,
                plan_id=agreement.plan_id,
                effective_from=agreement.effective_from,
                engineer=agreement.engineer,
                backup=agreement.backup,
                terms=agreement.terms,
            )
            .returning(agreements)
        )
        return _agreement((await self._connection.execute(statement)).one())

    async def by_id(self, client_id: int) -> Client:
        found = await self._one(select(clients).where(clients.c.id == client_id))
        if found is None:
            raise LookupError(f"no client {client_id}")
        return found

    async def by_key(self, key: str) -> Client | None:
        return await self._one(select(clients).where(clients.c.key == key.upper()))

    async def by_channel(self, channel_id: str) -> Client | None:
        return await self._one(select(clients).where(clients.c.channel_id == channel_id))

    async def all(self) -> list[Client]:
        rows = await self._connection.execute(select(clients).order_by(clients.c.key))
        return [_client(row) for row in rows]

    async def agreement_at(self, client_id: int, instant: datetime) -> Agreement | None:
        """The version in force at an instant; a report from before the first version (an older
        message, found late) is kept under the first."""
        of_client = select(agreements).where(agreements.c.client_id == client_id)
        newest = of_client.where(agreements.c.effective_from <= instant)
        row = await self._first(newest.order_by(agreements.c.effective_from.desc()))
        row = row or await self._first(of_client.order_by(agreements.c.effective_from))
        return _agreement(row) if row else None

    async def agreement(self, agreement_id: int) -> Agreement:
        if agreement_id not in self._agreements:
            statement = select(agreements).where(agreements.c.id == agreement_id)
            row = (await self._connection.execute(statement)).one()
            self._agreements[agreement_id] = _agreement(row)
        return self._agreements[agreement_id]

    async def _one(self, statement: Select[Any]) -> Client | None:
        row = await self._first(statement)
        if row is not None and await self._holds.take(row.id):
            row = await self._first(statement)
        return _client(row) if row else None

    async def _first(self, statement: Select[Any]) -> Row[Any] | None:
        row: Row[Any] | None = (await self._connection.execute(statement.limit(1))).one_or_none()
        return row


class SqlStaff:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put(self, member: StaffMember) -> None:
        """Add a person, or change their role and name."""
        row = {"user_id": member.user_id, "role": member.role.value, "name": member.name}
        await put_rows(self._connection, staff, ("user_id",), [row])

    async def get(self, user_id: str) -> StaffMember | None:
        statement = select(staff).where(staff.c.user_id == user_id)
        row = (await self._connection.execute(statement)).one_or_none()
        return _member(row) if row else None

    async def all(self, role: Role | None = None) -> list[StaffMember]:
        statement = select(staff).order_by(staff.c.user_id)
        if role is not None:
            statement = statement.where(staff.c.role == role.value)
        return [_member(row) for row in await self._connection.execute(statement)]


def _client(row: Row[Any]) -> Client:
    return Client(row.id, row.key, row.name, row.channel_id, row.join_minutes)


def _agreement(row: Row[Any]) -> Agreement:
    return Agreement(
        row.id,
        row.client_id,
        row.catalog,
        row.plan_id,
        row.effective_from,
        row.engineer,
        row.backup,
        row.terms,
    )


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(row.user_id, Role(row.role), row.name)
