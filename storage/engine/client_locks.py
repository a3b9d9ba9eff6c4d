"""Which clients a writing transaction has for itself.

Everything that is read and then written hangs on one client: its tickets, their clocks, timers
and cards, its numbers and quota. On PostgreSQL a transaction therefore locks the client's row
before it reads what it may change, so that it sees what the one before it left; other clients
are free meanwhile. On SQLite `BEGIN IMMEDIATE` has done that for the whole file.

Nobody waits for a client who holds another, except the digest, which waits for all in the order
of their ids: so no two can wait for each other. Whoever needs several takes those that are free.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables.operations import clients


class ClientLocks:
    """`needed` is False where the whole store is held already, and where nothing is written."""

    def __init__(self, connection: AsyncConnection, *, needed: bool) -> None:
        self._connection = connection
        self._needed = needed
        self._held: set[int] = set()

    async def take(self, client_id: int) -> bool:
        """Wait for a client; True if what was read of it before may be stale, so read again."""
        if not self._needed or client_id in self._held:
            return False
        await self._lock(select(clients.c.id).where(clients.c.id == client_id))
        return True

    def locked(self, client_ids: Iterable[int]) -> None:
        """These clients' rows were locked by a claim, along with what it took."""
        self._held.update(client_ids)

    async def take_all(self) -> None:
        """Wait for every client."""
        if self._needed:
            await self._lock(select(clients.c.id).order_by(clients.c.id))

    async def free_channels(self, channels: Collection[str]) -> set[str]:
        """Of these channels, those of no client or of one that is free; the latter are held."""
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
        """Wait for the client of a channel, if it is one's."""
        if self._needed:
            await self._lock(select(clients.c.id).where(clients.c.channel_id == channel_id))

    async def _lock(self, statement: Select[Any]) -> None:
        # Not FOR UPDATE: that would also keep rows away that merely refer to the client.
        rows = await self._connection.execute(statement.with_for_update(key_share=True))
        self._held |= set(rows.scalars())
