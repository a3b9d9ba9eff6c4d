"""What the auditor asks of the store."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation import Step
from storage.rows import insert_unless_there
from storage.schema import clocks, periods, timers

_KIND = "audit"
_KEPT = timedelta(hours=1)  # so long a replica whose clock is behind finds the minute taken


class SqlAudit:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, minute: datetime) -> bool:
        """True for the first to ask for this minute, whichever process it is."""
        row = {"kind": _KIND, "subject": "", "period": minute.isoformat(), "begun_at": minute}
        if await insert_unless_there(self._connection, periods, row) == 0:
            return False
        past = and_(periods.c.kind == _KIND, periods.c.begun_at < minute - _KEPT)
        await self._connection.execute(delete(periods).where(past))
        return True

    async def last(self) -> datetime | None:
        """The minute of the newest audit, of whichever process."""
        statement = select(func.max(periods.c.begun_at)).where(periods.c.kind == _KIND)
        minute: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return minute

    async def unarmed(self, limit: int) -> list[int]:
        """The tickets with a running clock of which a step is neither waited for nor done."""
        later = clocks.c.breach_at > clocks.c.due_at
        missing = or_(
            _missing(Step.WARNING, clocks.c.warn_at),
            _missing(Step.DUE, clocks.c.due_at),
            and_(later, _missing(Step.LAST, clocks.c.breach_at)),
        )
        statement = (
            select(clocks.c.ticket_id)
            .distinct()
            .where(clocks.c.stops_at.is_(None), clocks.c.due_at.is_not(None), missing)
            .order_by(clocks.c.ticket_id)
            .limit(limit)
        )
        return list((await self._connection.execute(statement)).scalars())


def _missing(step: Step, at: ColumnElement[datetime | None]) -> ColumnElement[bool]:
    name = clocks.c.metric + ":" + cast(clocks.c.number, Text)
    return ~exists().where(
        timers.c.ticket_id == clocks.c.ticket_id,
        timers.c.clock == name,
        timers.c.step == step.value,
        timers.c.due_at == at,
    )
