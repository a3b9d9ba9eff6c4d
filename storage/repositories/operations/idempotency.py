"""Idempotency keys: each is claimed once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.rows import insert_unless_there, inserted
from storage.tables.operations import periods


class SqlIdempotencyKeys:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, kind: str, subject: str, period: str, now: datetime) -> bool:
        """True for the first to ask, once for ever: what is done once a period is done by them."""
        row = {"kind": kind, "subject": subject, "period": period, "begun_at": now}
        return await insert_unless_there(self._connection, periods, row)

    async def claim_each(self, kind: str, subjects: Sequence[str], now: datetime) -> set[str]:
        """Of which of these subjects this is the first to ask, once for ever."""
        rows = [
            {"kind": kind, "subject": one, "period": "", "begun_at": now}
            for one in dict.fromkeys(subjects)
        ]
        return await inserted(self._connection, periods, rows, periods.c.subject)

    async def set_message(self, kind: str, subjects: Sequence[str], message: str) -> None:
        """What is said of them is in the message with this key, together."""
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        await self._connection.execute(update(periods).where(these).values(said_in=message))

    async def messages_of(self, kind: str, subjects: Sequence[str]) -> dict[str, str]:
        """Of which of these subjects something was said, and in which message: by default in the
        one with the subject's own name."""
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        rows = await self._connection.execute(select(periods).where(these))
        return {row.subject: row.said_in or row.subject for row in rows}
