"""The outbox: messages to Slack, stored in the transaction that decides to send them.

A row is pending, then *sending* under a lease (committed before the call), then sent. If Slack's
answer was lost, the row is *uncertain* and is looked up in Slack before it is sent again. A card
keeps the same row for life: `wanted` counts the requested changes and `shown` the changes that are
visible in Slack, so several pending updates collapse into the last. `claims` numbers the leases: a
result is stored only if its lease is still the newest, so a sender that stalled cannot overwrite a
later result.
"""

from collections.abc import Collection
from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    CursorResult,
    Row,
    Select,
    Update,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.messages import Outgoing
from bot.domain.outbox_row import OutboxRow
from bot.slack_ts import MessageTs
from storage.engine.rows import LONGEST_WAIT, by_now, first_of_each, has_come, insert_new
from storage.repositories.operations.outbox_messages import PAGER, columns_of, outgoing_of
from storage.tables.columns import Instant, SentTs
from storage.tables.operations import outbox

PENDING, SENDING, UNCERTAIN, SENT, FAILED = "pending", "sending", "uncertain", "sent", "failed"
OPEN = outbox.c.state.in_([literal(s, literal_execute=True) for s in (PENDING, SENDING, UNCERTAIN)])

_MINE = update(outbox).where(
    outbox.c.id == bindparam("row_id"), outbox.c.claims == bindparam("row_claim")
)


def _refresh() -> Update:
    is_sent = outbox.c.state == SENT
    pending_since = case((is_sent, bindparam("now", type_=Instant)), else_=outbox.c.owed_since)
    wanted = {
        "wanted": outbox.c.wanted + 1,
        "state": case((is_sent, PENDING), else_=outbox.c.state),
        "owed_since": pending_since,
    }
    named = outbox.c.key.in_(bindparam("keys", expanding=True))
    return update(outbox).where(named, outbox.c.state != FAILED).values(wanted)


def _ready() -> Select[Any]:
    """Select the first open row of every channel if it may be sent now."""
    parent = outbox.alias("parent")
    parent_ts = select(parent.c.sent_ts).where(parent.c.key == outbox.c.under)
    lease_over = or_(outbox.c.lease_until.is_(None), has_come(outbox.c.lease_until))
    return (
        select(outbox, parent_ts.scalar_subquery().label("parent_ts"))
        .where(outbox.c.id.in_(first_of_each(outbox.c.channel, OPEN)), OPEN)
        .where(outbox.c.channel.not_in(bindparam("resting", expanding=True)))
        .where(outbox.c.channel != PAGER)
        .where(has_come(outbox.c.not_before), lease_over)
        .order_by(outbox.c.id)
        .limit(bindparam("most"))
    )


def _pages() -> Select[Any]:
    """Select the rows for pagers that may be sent now; pages do not wait for each other."""
    lease_over = or_(outbox.c.lease_until.is_(None), has_come(outbox.c.lease_until))
    return (
        select(outbox, null().label("parent_ts"))
        .where(outbox.c.channel == PAGER, OPEN, has_come(outbox.c.not_before), lease_over)
        .order_by(outbox.c.id)
        .limit(bindparam("most"))
    )


def _claim() -> Update:
    doubtful = outbox.c.id.in_(bindparam("doubtful", expanding=True))
    leased = {
        "state": case((doubtful, UNCERTAIN), else_=SENDING),
        "lease_until": bindparam("until", type_=Instant),
        # A lookup concerns the version sent earlier: later changes stay pending.
        "claimed": case((doubtful, outbox.c.claimed), else_=outbox.c.wanted),
        "claims": outbox.c.claims + 1,
        "attempts": outbox.c.attempts + 1,
    }
    return update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(leased)


def _sent() -> Update:
    stands = {
        "state": case((outbox.c.wanted > outbox.c.claimed, PENDING), else_=SENT),
        "shown": outbox.c.claimed,
        "owed_since": bindparam("now", type_=Instant),
        "sent_channel": bindparam("at_channel"),
        "sent_ts": bindparam("at_ts", type_=SentTs),
        "attempts": 0,
        "looked": 0,
        "lease_until": None,
        "error": None,
    }
    return _MINE.values(stands)


# Built once: building a statement takes longer than running it.
_REFRESH, _READY, _CLAIM, _SENT = _refresh(), _ready(), _claim(), _sent()
_PAGES = _pages()
_READY_LOCKED = _READY.with_for_update(skip_locked=True, of=outbox)
_PAGES_LOCKED = _PAGES.with_for_update(skip_locked=True, of=outbox)
_BACKLOG = select(func.count()).select_from(outbox).where(OPEN)


class SqlOutbox:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.touched = False  # whether this transaction has added or refreshed messages

    async def say(self, *messages: Outgoing) -> None:
        """Add these messages in this order; a key that exists already is left unchanged."""
        rows = [self._new(message) for message in messages]
        if rows:
            self.touched = True
            await insert_new(self._connection, outbox, rows)

    async def refresh(self, *keys: str) -> None:
        """Request an update of these cards; failed rows are left unchanged."""
        self.touched = True
        await self._connection.execute(_REFRESH, {"keys": keys, "now": self._now})

    async def claim(
        self, lease_until: datetime, resting: Collection[str], limit: int
    ) -> list[OutboxRow]:
        """Lease the first open row of every channel that is not resting, if it may be sent now."""
        return await self._lease(_READY_LOCKED, self._when(resting, limit), lease_until)

    async def has_pages(self) -> bool:
        """Return whether a page may be sent now."""
        rows = await self._connection.execute(_PAGES, by_now(self._now) | {"most": 1})
        return rows.first() is not None

    async def claim_pages(self, lease_until: datetime, limit: int) -> list[OutboxRow]:
        """Lease up to `limit` pages that may be sent now."""
        return await self._lease(_PAGES_LOCKED, by_now(self._now) | {"most": limit}, lease_until)

    async def _lease(
        self, statement: Select[Any], parameters: dict[str, Any], lease_until: datetime
    ) -> list[OutboxRow]:
        rows = (await self._connection.execute(statement, parameters)).all()
        if not rows:
            return []
        doubtful = {row.id for row in rows if row.state != PENDING and row.sent_channel is None}
        ids = [row.id for row in rows]
        await self._connection.execute(
            _CLAIM, {"ids": ids, "doubtful": list(doubtful), "until": lease_until}
        )
        return [_row(row, lease_until, doubtful=row.id in doubtful) for row in rows]

    async def sent(self, row: OutboxRow, channel: str, ts: MessageTs | None) -> bool:
        """Mark a row as sent, or as pending again if a change was requested meanwhile.

        `ts` is None for a page and for an uploaded file, whose mark is stored instead.

        Like the methods below, returns False and changes nothing if another process has claimed
        the row since.
        """
        without_ts = "" if row.outgoing.address == PAGER else row.mark
        stands = {"now": self._now, "at_channel": channel, "at_ts": ts or without_ts}
        claimed = {"row_id": row.id, "row_claim": row.claim}
        return (await self._connection.execute(_SENT, stands | claimed)).rowcount == 1

    async def nothing_to_say(self, row: OutboxRow) -> bool:
        """Close a row that is no longer needed, such as a ping for an answered ticket."""
        return await self._set(row, state=SENT, shown=outbox.c.claimed, lease_until=None)

    async def doubt(self, row: OutboxRow, not_before: datetime, error: str) -> bool:
        return await self._set(
            row,
            state=UNCERTAIN,
            looked=0,
            lease_until=None,
            not_before=min(not_before, self._now + LONGEST_WAIT),
            error=error,
        )

    async def not_found(self, row: OutboxRow, not_before: datetime) -> bool:
        """Record that an uncertain row was not found in Slack; after the second time it is sent
        again.
        """
        return await self._set(
            row,
            state=case((outbox.c.looked >= 1, PENDING), else_=UNCERTAIN),
            looked=case((outbox.c.looked >= 1, 0), else_=1),
            lease_until=None,
            not_before=not_before,
        )

    async def again(self, row: OutboxRow, not_before: datetime, error: str) -> bool:
        """Retry a row that Slack clearly rejected for now, after at most LONGEST_WAIT."""
        later = min(not_before, self._now + LONGEST_WAIT)
        return await self._set(row, state=PENDING, lease_until=None, not_before=later, error=error)

    async def failed(self, row: OutboxRow, error: str) -> bool:
        return await self._set(row, state=FAILED, lease_until=None, error=error)

    async def take_up(self, errors: Collection[str], channel: str | None = None) -> None:
        """Make rows that failed with these errors pending again, in their old order.

        With a `channel`, only its rows are retried, and its pending rows may be sent immediately.
        """
        self.touched = True
        parked = update(outbox).where(outbox.c.state == FAILED, outbox.c.error.in_(errors))
        again = {"state": PENDING, "attempts": 0, "owed_since": self._now, "error": None}
        if channel is None:
            await self._connection.execute(parked.values(again))
            return
        there = outbox.c.channel == channel
        await self._connection.execute(parked.where(there).values(again))
        waiting = update(outbox).where(there, outbox.c.state == PENDING)
        await self._connection.execute(waiting.values(not_before=self._now))

    async def place(self, key: str) -> tuple[str, MessageTs] | None:
        """Return the channel and the `ts` of a message in Slack; None if it was not sent, and for
        a page or an uploaded file.
        """
        statement = select(outbox.c.sent_channel, outbox.c.sent_ts).where(outbox.c.key == key)
        row = (await self._connection.execute(statement)).one_or_none()
        return None if row is None or row.sent_ts is None else (row.sent_channel, row.sent_ts)

    async def release_leases(self) -> None:
        """Release the leases of a process that died. Only for the sole owner of a store."""
        await self._connection.execute(
            update(outbox).where(OPEN, outbox.c.lease_until.is_not(None)).values(lease_until=None)
        )

    async def is_ready(self, resting: Collection[str]) -> bool:
        """Return whether there is a row to claim, without blocking a writer."""
        rows = await self._connection.execute(_READY, self._when(resting, 1))
        return rows.first() is not None

    async def backlog(self) -> int:
        count: int = (await self._connection.execute(_BACKLOG)).scalar_one()
        return count

    def _when(self, resting: Collection[str], limit: int) -> dict[str, Any]:
        return by_now(self._now) | {"resting": list(resting), "most": limit}

    async def _set(self, row: OutboxRow, **values: Any) -> bool:
        claimed = {"row_id": row.id, "row_claim": row.claim}
        statement = _MINE.values(values)
        result: CursorResult[Any] = await self._connection.execute(statement, claimed)
        return result.rowcount == 1

    def _new(self, message: Outgoing) -> dict[str, Any]:
        return columns_of(message) | {
            "mark": token_hex(16),
            "created_at": self._now,
            "owed_since": self._now,
            "state": PENDING,
            "wanted": 1,
            "shown": 0,
            "claimed": 0,
            "claims": 0,
            "attempts": 0,
            "looked": 0,
            "not_before": self._now,
        }


def _row(row: Row[Any], lease_until: datetime, *, doubtful: bool) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        claim=row.claims + 1,
        mark=row.mark,
        outgoing=outgoing_of(row),
        created_at=row.created_at,
        lease_until=lease_until,
        attempts=row.attempts + 1,
        doubtful=doubtful,
        looked=row.looked,
        thread_ts=row.thread_ts or row.parent_ts,
        sent_channel=row.sent_channel,
        sent_ts=row.sent_ts,
    )
