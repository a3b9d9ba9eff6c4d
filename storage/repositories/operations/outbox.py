"""The outbox: what is to be said in Slack, written in the transaction that decides it.

A row is pending, then *sending* under a lease (committed before the call), then sent. Where the
answer was lost it is *uncertain* and is looked up before it is said again. A card is one row for
life: `wanted` counts the changes asked for, `shown` those that stand in Slack, so that several
pending updates collapse into the last. `claims` numbers the leases: what comes of one is kept only
while it is the last, so a sender that stood still for too long changes nothing any more.
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

from bot.domain.messages import PAGER, Outgoing
from bot.domain.operations.outbox import OutboxRow
from storage.engine.rows import LONGEST_WAIT, by_now, first_of_each, has_come, insert_new
from storage.tables.columns import Instant
from storage.tables.operations import outbox

PENDING, SENDING, UNCERTAIN, SENT, FAILED = "pending", "sending", "uncertain", "sent", "failed"
OPEN = outbox.c.state.in_([literal(s, literal_execute=True) for s in (PENDING, SENDING, UNCERTAIN)])

_MINE = update(outbox).where(
    outbox.c.id == bindparam("row_id"), outbox.c.claims == bindparam("row_claim")
)


def _refresh() -> Update:
    said = outbox.c.state == SENT
    since = case((said, bindparam("now", type_=Instant)), else_=outbox.c.owed_since)
    wanted = {
        "wanted": outbox.c.wanted + 1,
        "state": case((said, PENDING), else_=outbox.c.state),
        "owed_since": since,
    }
    named = outbox.c.key.in_(bindparam("keys", expanding=True))
    return update(outbox).where(named, outbox.c.state != FAILED).values(wanted)


def _ready() -> Select[Any]:
    """The first open row of each channel, if it may go now."""
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
    """What goes to the pagers and may go now: none waits for another."""
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
        # What is looked up was sent as it read then: a change asked for since is still owed.
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
        "sent_ts": bindparam("at_ts"),
        "attempts": 0,
        "looked": 0,
        "lease_until": None,
        "error": None,
    }
    return _MINE.values(stands)


# Made once: to make a statement takes longer than to run it.
_REFRESH, _READY, _CLAIM, _SENT = _refresh(), _ready(), _claim(), _sent()
_PAGES = _pages()
_BACKLOG = select(func.count()).select_from(outbox).where(OPEN)


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
            await insert_new(self._connection, outbox, rows)

    async def refresh(self, *keys: str) -> None:
        """Let these cards be shown anew. What was never said, or has failed, is left alone."""
        self.touched = True
        await self._connection.execute(_REFRESH, {"keys": keys, "now": self._now})

    async def claim(
        self, lease_until: datetime, resting: Collection[str], limit: int
    ) -> list[OutboxRow]:
        """Lease the first open row of each channel that is not resting, if it may go now."""
        return await self._lease(_READY, self._when(resting, limit), lease_until)

    async def has_pages(self) -> bool:
        """Whether a page may go now."""
        rows = await self._connection.execute(_PAGES, by_now(self._now) | {"most": 1})
        return rows.first() is not None

    async def claim_pages(self, lease_until: datetime, limit: int) -> list[OutboxRow]:
        """Lease what goes to the pagers and may go now."""
        return await self._lease(_PAGES, by_now(self._now) | {"most": limit}, lease_until)

    async def _lease(
        self, which: Select[Any], asked: dict[str, Any], lease_until: datetime
    ) -> list[OutboxRow]:
        ready = which.with_for_update(skip_locked=True, of=outbox)
        rows = (await self._connection.execute(ready, asked)).all()
        if not rows:
            return []
        doubtful = {row.id for row in rows if row.state != PENDING and row.sent_ts is None}
        ids = [row.id for row in rows]
        await self._connection.execute(
            _CLAIM, {"ids": ids, "doubtful": list(doubtful), "until": lease_until}
        )
        return [_row(row, lease_until, doubtful=row.id in doubtful) for row in rows]

    async def sent(self, row: OutboxRow, channel: str, ts: str) -> bool:
        """It stands in Slack; if a change was asked for meanwhile, it is pending again. Here and
        below: False, and nothing is changed, if somebody else has claimed it since."""
        stands = {"now": self._now, "at_channel": channel, "at_ts": ts}
        claimed = {"row_id": row.id, "row_claim": row.claim}
        return (await self._connection.execute(_SENT, stands | claimed)).rowcount == 1

    async def nothing_to_say(self, row: OutboxRow) -> bool:
        """It has become pointless (a ping for what was answered meanwhile)."""
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
        """A doubtful row was looked up in Slack and was not there: twice, and it is resent."""
        return await self._set(
            row,
            state=case((outbox.c.looked >= 1, PENDING), else_=UNCERTAIN),
            looked=case((outbox.c.looked >= 1, 0), else_=1),
            lease_until=None,
            not_before=not_before,
        )

    async def again(self, row: OutboxRow, not_before: datetime, error: str) -> bool:
        """Slack said clearly that it was not taken: try later, in LONGEST_WAIT at most."""
        later = min(not_before, self._now + LONGEST_WAIT)
        return await self._set(row, state=PENDING, lease_until=None, not_before=later, error=error)

    async def failed(self, row: OutboxRow, error: str) -> bool:
        return await self._set(row, state=FAILED, lease_until=None, error=error)

    async def take_up(self, errors: Collection[str], channel: str | None = None) -> None:
        """What was refused with one of these errors is owed again, in its old order; of a `channel`
        alone where one is named, and then what waits there goes now."""
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

    async def place(self, key: str) -> tuple[str, str] | None:
        """The channel and the `ts` at which a message stands in Slack."""
        found = select(outbox.c.sent_channel, outbox.c.sent_ts).where(outbox.c.key == key)
        row = (await self._connection.execute(found)).one_or_none()
        return None if row is None or row.sent_ts is None else (row.sent_channel, row.sent_ts)

    async def release_leases(self) -> None:
        """What a dead process was sending is doubtful now. Only for the sole owner of a store."""
        await self._connection.execute(
            update(outbox).where(OPEN, outbox.c.lease_until.is_not(None)).values(lease_until=None)
        )

    async def is_ready(self, resting: Collection[str]) -> bool:
        """Whether there is anything to claim: a look that keeps no writer waiting."""
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
        return {
            "key": message.key,
            "mark": token_hex(16),
            "kind": message.kind,
            "channel": message.channel,
            "thread_ts": message.thread_ts,
            "under": message.under,
            "ticket_id": message.ticket_id,
            "facts": message.facts,
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
    message = Outgoing(
        row.key, row.kind, row.channel, row.thread_ts, row.under, row.ticket_id, row.facts
    )
    return OutboxRow(
        id=row.id,
        claim=row.claims + 1,
        mark=row.mark,
        message=message,
        created_at=row.created_at,
        lease_until=lease_until,
        attempts=row.attempts + 1,
        doubtful=doubtful,
        looked=row.looked,
        thread_ts=row.thread_ts or row.parent_ts,
        sent_channel=row.sent_channel,
        sent_ts=row.sent_ts,
    )
