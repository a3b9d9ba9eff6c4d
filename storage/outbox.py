"""The outbox: what is to be said in Slack, written in the transaction that decides it.

A row is pending, then *sending* under a lease (committed before the call), then sent. Where the
answer was lost it is *uncertain* and is looked up before it is said again. A card is one row for
life: `wanted` counts the changes asked for, `shown` those that stand in Slack, so that several
pending updates collapse into the last.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import OutboxRow, Outgoing
from storage.rows import insert_unless_there
from storage.schema import outbox

PENDING, SENDING, UNCERTAIN, SENT, FAILED = "pending", "sending", "uncertain", "sent", "failed"
_OPEN = outbox.c.state.in_(
    [literal(s, literal_execute=True) for s in (PENDING, SENDING, UNCERTAIN)]
)


class SqlOutbox:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.touched = False  # whether this transaction wants something said or shown

    async def say(self, *messages: Outgoing) -> None:
        """Owe these messages, in this order; one that is owed or said already stays as it is."""
        rows = [self._new(message) for message in messages]
        if rows:
            self.touched = True
            await insert_unless_there(self._connection, outbox, *rows)

    async def refresh(self, *keys: str) -> None:
        """Let these cards be shown anew. What was never said, or has failed, is left alone."""
        self.touched = True
        reopened = case((outbox.c.state == SENT, PENDING), else_=outbox.c.state)
        await self._connection.execute(
            update(outbox)
            .where(outbox.c.key.in_(keys), outbox.c.state != FAILED)
            .values(wanted=outbox.c.wanted + 1, state=reopened)
        )

    async def claim(
        self, lease_until: datetime, resting: Collection[str], limit: int
    ) -> list[OutboxRow]:
        """Lease the first open row of each channel that is not resting, if it may go now."""
        rows = (await self._connection.execute(self._ready(resting, limit))).all()
        if not rows:
            return []
        doubtful = {row.id for row in rows if row.state != PENDING and row.sent_ts is None}
        values = {
            "state": case((outbox.c.id.in_(doubtful), UNCERTAIN), else_=SENDING),
            "lease_until": lease_until,
            # What is looked up was sent as it read then: a change asked for since is still owed.
            "claimed": case((outbox.c.id.in_(doubtful), outbox.c.claimed), else_=outbox.c.wanted),
            "attempts": outbox.c.attempts + 1,
        }
        ids = [row.id for row in rows]
        await self._connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(values))
        return [_row(row, doubtful=row.id in doubtful) for row in rows]

    async def sent(self, row_id: int, channel: str, ts: str) -> None:
        """It stands in Slack; if a change was asked for meanwhile, it is pending again."""
        changed = outbox.c.wanted > outbox.c.claimed
        await self._set(
            row_id,
            state=case((changed, PENDING), else_=SENT),
            shown=outbox.c.claimed,
            sent_channel=channel,
            sent_ts=ts,
            attempts=0,
            looked=0,
            lease_until=None,
            error=None,
        )

    async def nothing_to_say(self, row_id: int) -> None:
        """It has become pointless (a ping for what was answered meanwhile)."""
        await self._set(row_id, state=SENT, shown=outbox.c.claimed, lease_until=None)

    async def doubt(self, row_id: int, not_before: datetime, error: str) -> None:
        await self._set(
            row_id, state=UNCERTAIN, looked=0, lease_until=None, not_before=not_before, error=error
        )

    async def not_found(self, row_id: int, not_before: datetime) -> None:
        """A doubtful row was looked up in Slack and was not there: twice, and it is resent."""
        await self._set(
            row_id,
            state=case((outbox.c.looked >= 1, PENDING), else_=UNCERTAIN),
            looked=case((outbox.c.looked >= 1, 0), else_=1),
            lease_until=None,
            not_before=not_before,
        )

    async def again(self, row_id: int, not_before: datetime, error: str) -> None:
        """Slack said clearly that it was not taken: try later."""
        await self._set(row_id, state=PENDING, lease_until=None, not_before=not_before, error=error)

    async def failed(self, row_id: int, error: str) -> None:
        await self._set(row_id, state=FAILED, lease_until=None, error=error)

    async def release_leases(self) -> None:
        """What a dead process was sending is doubtful now. Only for the sole owner of a store."""
        await self._connection.execute(
            update(outbox).where(_OPEN, outbox.c.lease_until.is_not(None)).values(lease_until=None)
        )

    async def backlog(self) -> int:
        statement = select(func.count()).select_from(outbox).where(_OPEN)
        count: int = (await self._connection.execute(statement)).scalar_one()
        return count

    def _ready(self, resting: Collection[str], limit: int) -> Select[Any]:
        heads = select(func.min(outbox.c.id)).where(_OPEN).group_by(outbox.c.channel)
        parent = outbox.alias("parent")
        parent_ts = select(parent.c.sent_ts).where(parent.c.key == outbox.c.under)
        return (
            select(outbox, parent_ts.scalar_subquery().label("parent_ts"))
            .where(outbox.c.id.in_(heads.scalar_subquery()), _OPEN)
            .where(outbox.c.channel.not_in(resting))
            .where(outbox.c.not_before <= self._now)
            .where(or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= self._now))
            .order_by(outbox.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )

    async def _set(self, row_id: int, **values: Any) -> None:
        await self._connection.execute(update(outbox).where(outbox.c.id == row_id).values(values))

    def _new(self, message: Outgoing) -> dict[str, Any]:
        return {
            "key": message.key,
            "kind": message.kind,
            "channel": message.channel,
            "thread_ts": message.thread_ts,
            "under": message.under,
            "ticket_id": message.ticket_id,
            "facts": message.facts,
            "created_at": self._now,
            "state": PENDING,
            "wanted": 1,
            "shown": 0,
            "claimed": 0,
            "attempts": 0,
            "looked": 0,
            "not_before": self._now,
        }


def _row(row: Row[Any], *, doubtful: bool) -> OutboxRow:
    message = Outgoing(
        row.key, row.kind, row.channel, row.thread_ts, row.under, row.ticket_id, row.facts
    )
    return OutboxRow(
        id=row.id,
        message=message,
        created_at=row.created_at,
        attempts=row.attempts + 1,
        doubtful=doubtful,
        looked=row.looked,
        thread_ts=row.thread_ts or row.parent_ts,
        sent_channel=row.sent_channel,
        sent_ts=row.sent_ts,
    )
