"""Clients, their agreements, and the vendor's staff."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.billing_cycles import in_force
from bot.domain.ids import AgreementId, ChannelId, ClientId
from bot.domain.operations.client import Client
from storage.engine.client_locks import ClientLocks
from storage.repositories.client_rows import (
    AGREEMENT_COLUMNS,
    CLIENT_COLUMNS,
    agreement_of,
    agreement_values,
    client_of,
)
from storage.tables.agreements import agreements
from storage.tables.operations import clients

FOLLOW_UP_MINUTES = 5
_WANTED: BindParameter[Any] = bindparam("wanted")
_BY_ID = select(*CLIENT_COLUMNS).where(clients.c.id == _WANTED)
_BY_KEY = select(*CLIENT_COLUMNS).where(clients.c.key == _WANTED)
_BY_CHANNEL = select(*CLIENT_COLUMNS).where(clients.c.channel_id == _WANTED)
_AGREEMENT = select(*AGREEMENT_COLUMNS).where(agreements.c.id == _WANTED)
_AGREEMENTS = (
    select(*AGREEMENT_COLUMNS)
    .where(agreements.c.client_id.in_(bindparam("wanted", expanding=True)))
    .order_by(agreements.c.effective_from, agreements.c.id)
)


class SqlClients:
    """Clients and agreements; a transaction reads each row once and caches it."""

    def __init__(self, connection: AsyncConnection, holds: ClientLocks) -> None:
        self._connection = connection
        self._holds = holds
        self._clients: dict[tuple[Select[Any], int | str], Client] = {}
        self._agreements: dict[AgreementId, Agreement] = {}
        self._versions: dict[ClientId, list[Agreement]] = {}  # by client ID, oldest first

    def forget(self) -> None:
        """Drop the cached clients, because they have changed."""
        self._clients = {}

    async def add(self, key: str, name: str, channel_id: ChannelId | None) -> Client:
        values = {
            "key": key,
            "name": name,
            "channel_id": channel_id,
            "join_minutes": FOLLOW_UP_MINUTES,
            "last_number": 0,
        }
        statement = insert(clients).values(values).returning(*CLIENT_COLUMNS)
        return client_of((await self._connection.execute(statement)).one())

    async def save(self, client: Client) -> None:
        """Store the settings that decide how a client's messages become tickets."""
        values = {"join_minutes": client.join_minutes, "intake": client.intake.value}
        statement = update(clients).where(clients.c.id == client.id).values(values)
        await self._connection.execute(statement)
        self.forget()

    async def agree(self, agreement: Agreement) -> Agreement:
        """Insert a version of an agreement and return it with its new ID."""
        values = agreement_values(agreement)
        statement = insert(agreements).values(values).returning(*AGREEMENT_COLUMNS)
        self._versions.pop(agreement.client_id, None)
        return agreement_of((await self._connection.execute(statement)).one())

    async def withdraw(self, agreement: Agreement, now: datetime) -> None:
        """Withdraw a version of an agreement that is not in force yet."""
        statement = update(agreements).where(agreements.c.id == agreement.id)
        await self._connection.execute(statement.values(withdrawn_at=now))
        self._versions.pop(agreement.client_id, None)
        self._agreements.pop(agreement.id, None)

    async def versions(self, client_id: ClientId) -> list[Agreement]:
        """Return every version of a client's agreement, oldest first, including withdrawn
        versions.
        """
        return await self._versions_of(client_id)

    async def read_versions(self, client_ids: Collection[ClientId]) -> None:
        """Read the agreements of several clients in a single statement and cache them."""
        missing = set(client_ids) - self._versions.keys()
        if missing:
            rows = await self._connection.execute(_AGREEMENTS, {"wanted": sorted(missing)})
            self._versions |= {client_id: [] for client_id in missing}
            for agreement in map(agreement_of, rows):
                self._versions[agreement.client_id].append(agreement)
                self._agreements[agreement.id] = agreement

    async def by_id_for_update(self, client_id: ClientId) -> Client:
        client = await self._read(_BY_ID, client_id)
        if client is None:
            raise LookupError(f"no client {client_id}")
        return client

    async def by_key_for_update(self, key: str) -> Client | None:
        return await self._read(_BY_KEY, key.upper())

    async def by_channel_for_update(self, channel_id: ChannelId) -> Client | None:
        return await self._read(_BY_CHANNEL, channel_id)

    async def all(self) -> list[Client]:
        rows = await self._connection.execute(select(*CLIENT_COLUMNS).order_by(clients.c.key))
        return [client_of(row) for row in rows]

    async def agreement_at(self, client_id: ClientId, instant: datetime) -> Agreement | None:
        """Return the version of a client's agreement in force at an instant.

        A report older than the first version (a message that was delivered late) belongs to the
        first version.
        """
        return in_force(await self._versions_of(client_id), instant)

    async def agreement(self, agreement_id: AgreementId) -> Agreement:
        if agreement_id not in self._agreements:
            row = (await self._connection.execute(_AGREEMENT, {"wanted": agreement_id})).one()
            self._agreements[agreement_id] = agreement_of(row)
        return self._agreements[agreement_id]

    async def _versions_of(self, client_id: ClientId) -> list[Agreement]:
        await self.read_versions([client_id])
        return self._versions[client_id]

    async def _read(self, statement: Select[Any], wanted: int | str) -> Client | None:
        if (statement, wanted) not in self._clients:
            parameters = {"wanted": wanted}
            row = (await self._connection.execute(statement, parameters)).one_or_none()
            if row is not None and await self._holds.take(row.id):
                row = (await self._connection.execute(statement, parameters)).one_or_none()
            if row is None:
                return None
            self._keep(client_of(row))
        return self._clients[statement, wanted]

    def _keep(self, client: Client) -> None:
        """Cache a client under each of its names."""
        self._clients |= {(_BY_ID, client.id): client, (_BY_KEY, client.key): client}
        if client.channel_id is not None:
            self._clients[_BY_CHANNEL, client.channel_id] = client
