"""How far clients' channels have been read back into the inbox, and what of them is known."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ticket import TicketState
from storage.rows import put_rows
from storage.schema import agreements, inbox, messages, tickets, watermarks


class SqlBackfill:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def began(self, client_id: int) -> datetime:
        """Since when a client has an agreement."""
        statement = select(func.min(agreements.c.effective_from)).where(
            agreements.c.client_id == client_id
        )
        began: datetime = (await self._connection.execute(statement)).scalar_one()
        return began

    async def read_to(self, channel_id: str) -> datetime | None:
        """The instant up to which all of a channel is in the inbox; None if it was never read."""
        statement = select(watermarks.c.read_to).where(watermarks.c.channel_id == channel_id)
        found: datetime | None = (await self._connection.execute(statement)).scalar_one_or_none()
        return found

    async def advance(self, channel_id: str, read_to: datetime) -> None:
        """It has been read further; a watermark never goes back."""
        before = await self.read_to(channel_id)
        if before is None or before < read_to:
            row = {"channel_id": channel_id, "read_to": read_to}
            await put_rows(self._connection, watermarks, ["channel_id"], [row])

    async def threads(self, channel_id: str, resolved_since: datetime) -> list[str]:
        """Where the tickets of a channel are talked over, if they are open or were resolved since
        that instant."""
        talked_over = or_(
            tickets.c.state == TicketState.OPEN.value, tickets.c.resolved_at >= resolved_since
        )
        statement = select(tickets.c.thread_ts).where(
            tickets.c.channel_id == channel_id, tickets.c.thread_ts.is_not(None), talked_over
        )
        return list((await self._connection.execute(statement)).scalars())

    async def known(self, channel_id: str, keys: Mapping[str, str]) -> set[str]:
        """Which places (`ts`) of a channel hold a message that is on record, or that was put into
        the inbox under its key."""
        on_record = select(messages.c.ts).where(
            messages.c.channel_id == channel_id, messages.c.ts.in_(keys)
        )
        found = set((await self._connection.execute(on_record)).scalars())
        kept = select(inbox.c.key).where(inbox.c.key.in_(keys.values()))
        put = set((await self._connection.execute(kept)).scalars())
        return found | {ts for ts, key in keys.items() if key in put}
