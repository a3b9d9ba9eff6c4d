"""The history: events of tickets, append-only."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import ClientId, TicketId
from bot.domain.ticket_events import RecordedEvent
from storage.repositories.tickets.event_columns import (
    actor_columns,
    actor_of,
    event_columns,
    event_of,
)
from storage.tables.tickets import events, tickets

_APPEND = insert(events)


_OF_TICKET = select(events).where(events.c.ticket_id == bindparam("wanted")).order_by(events.c.id)


_OF_CLIENT = tickets.c.client_id == bindparam("wanted")


_RECORDED_TO = (
    select(func.coalesce(func.max(events.c.id), 0))
    .select_from(events.join(tickets))
    .where(_OF_CLIENT)
)


_RECORDED_AFTER = (
    select(events)
    .select_from(events.join(tickets))
    .where(_OF_CLIENT, events.c.id > bindparam("since"))
    .order_by(events.c.id.desc())
)


class SqlHistory:
    """The append-only history: the store itself refuses to change or delete an event."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def append(self, lines: Iterable[RecordedEvent]) -> None:
        rows = [
            {
                "ticket_id": line.ticket_id,
                "at": line.at,
                "recorded_at": self._now,
            }
            | actor_columns(line.actor)
            | event_columns(line.event)
            for line in lines
        ]
        if rows:
            await self._connection.execute(_APPEND, rows)

    async def recorded_to(self, client_id: ClientId) -> int:
        """Return the ID of the last event of a client's history; 0 if there is none."""
        parameters = {"wanted": client_id}
        return int((await self._connection.execute(_RECORDED_TO, parameters)).scalar_one())

    async def recorded_after(self, client_id: ClientId, line_id: int) -> list[RecordedEvent]:
        """Return the events of a client's history after `line_id`, newest first."""
        parameters = {"wanted": client_id, "since": line_id}
        return [_event(row) for row in await self._connection.execute(_RECORDED_AFTER, parameters)]

    async def of(self, ticket_id: TicketId) -> list[RecordedEvent]:
        rows = await self._connection.execute(_OF_TICKET, {"wanted": ticket_id})
        return [_event(row) for row in rows]


def _event(row: Row[Any]) -> RecordedEvent:
    actor = actor_of(row.actor_kind, row.actor)
    return RecordedEvent(row.ticket_id, row.at, actor, event_of(row.kind, row.before, row.after))
