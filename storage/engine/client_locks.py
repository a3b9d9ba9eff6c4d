"""The clients that a writing transaction has locked.

All data that is read and then written belongs to a client: tickets, their clocks, timers and
cards, numbers and quota. On PostgreSQL a transaction therefore locks the client's row before it
reads data that it may change, so it sees the result of the transaction before it; other clients
are not blocked. On SQLite, `BEGIN IMMEDIATE` locks the whole file.

To exclude deadlocks, a transaction that holds a client never waits for another, except the digest,
which waits for all clients in the order of their ids. A transaction that needs several clients
takes those that are free.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ClientId
from storage.tables.operations import clients


class ClientLocks:
    """Locks of clients. `needed` is False if the whole store is locked, or nothing is written."""

    def __init__(self, connection: AsyncConnection, *, needed: bool) -> None:
        self._connection = connection
        self._needed = needed
        self._held: set[int] = set()

    async def take(self, client_id: ClientId) -> bool:
        """Wait for a client's lock; True if data read before may be stale: read it again."""
        if not self._needed or client_id in self._held:
            return False
        await self._lock(select(clients.c.id).where(clients.c.id == client_id))
        return True

    def locked(self, client_ids: Iterable[ClientId]) -> None:
        """Record that a claim has locked the rows of these clients."""
        self._held.update(client_ids)

    async def take_all(self) -> None:
        """Wait for the locks of all clients."""
        if self._needed:
            await self._lock(select(clients.c.id).order_by(clients.c.id))

    async def free_channels(self, channels: Collection[str]) -> set[str]:
        """Return the channels that have no client or whose client is free; lock these clients."""
        if not self._needed:
            return set(channels)
        of_clients = select(clients.c.id, clients.c.channel_id).where(
            clients.c.channel_id.in_(channels)
        )
        known = {row.channel_id for row in await self._connection.execute(of_clients)}
        free = of_clients.with_for_update(key_share=True, skip_locked=True)
        rows = (await self._connection.execute(free)).all()
        self._held |= {row.id for row in rows}
        return set(channels) - known | {row.channel_id for row in rows}

    async def take_channel(self, channel_id: str) -> None:
        """Wait for the lock of the channel's client, if it has a client."""
        if self._needed:
            await self._lock(select(clients.c.id).where(clients.c.channel_id == channel_id))

    async def _lock(self, statement: Select[Any]) -> None:
        # Not FOR UPDATE, which would also block inserts of rows that refer to the client.
        rows = await self._connection.execute(statement.with_for_update(key_share=True))
        self._held |= set(rows.scalars())
