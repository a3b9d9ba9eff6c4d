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
        """Claim a period for ever; True for the first caller, who does its work."""
        row = {"kind": kind, "subject": subject, "period": period, "begun_at": now}
        return await insert_unless_there(self._connection, periods, row)

    async def claim_each(self, kind: str, subjects: Sequence[str], now: datetime) -> set[str]:
        """Claim every subject for ever; return the subjects that nobody had claimed before."""
        rows = [
            {"kind": kind, "subject": subject, "period": "", "begun_at": now}
            for subject in dict.fromkeys(subjects)
        ]
        return await inserted(self._connection, periods, rows, periods.c.subject)

    async def set_message(self, kind: str, subjects: Sequence[str], message: str) -> None:
        """Record that these subjects are reported together in the message with this key."""
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        await self._connection.execute(update(periods).where(these).values(said_in=message))

    async def messages_of(self, kind: str, subjects: Sequence[str]) -> dict[str, str]:
        """Map the subjects that were reported to the keys of their messages.

        The default key is the subject itself.
        """
        these = and_(periods.c.kind == kind, periods.c.subject.in_(subjects))
        rows = await self._connection.execute(select(periods).where(these))
        return {row.subject: row.said_in or row.subject for row in rows}
