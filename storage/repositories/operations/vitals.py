"""Health of the database: whether it accepts writes, and the size of its queues."""

from datetime import datetime
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.operations.backlog import Backlog
from storage.engine.rows import put_rows
from storage.repositories.operations.outbox import OPEN
from storage.tables.escalation import timers
from storage.tables.operations import inbox, outbox, periods

_THE_PULSE = {"kind": "pulse", "subject": "", "period": ""}


class SqlVitals:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def pulse(self) -> None:
        """Write a row, because only a commit proves that the store accepts writes."""
        row = _THE_PULSE | {"begun_at": self._now}
        await put_rows(self._connection, periods, tuple(_THE_PULSE), [row])

    async def backlog(self) -> Backlog:
        return Backlog(
            *await self._waiting(
                select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))
            ),
            *await self._waiting(select(func.count(), func.min(outbox.c.owed_since)).where(OPEN)),
            *await self._waiting(
                select(func.count(), func.min(timers.c.due_at)).where(
                    timers.c.fired_at.is_(None), timers.c.due_at <= self._now
                )
            ),
        )

    async def _waiting(self, statement: Executable) -> tuple[Any, ...]:
        return tuple((await self._connection.execute(statement)).one())
