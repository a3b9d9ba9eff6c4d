"""Queries of the auditor: inconsistent timers, open tickets and overdue rows."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import TimerKind
from bot.domain.ids import TicketId
from bot.domain.operations.stuck_rows import QueueName, Waiting
from storage.engine.rows import first_of_each, insert_unless_there
from storage.repositories.operations.outbox import OPEN
from storage.repositories.tickets.tickets import OPEN as OPEN_TICKET
from storage.tables.escalation import timers
from storage.tables.operations import inbox, outbox, periods
from storage.tables.sla import clocks
from storage.tables.tickets import tickets

_ROUND = timedelta(seconds=50)  # less than the minute between rounds, as a tolerance
_AHEAD = timedelta(minutes=1)
_THE_AUDIT = {"kind": "audit", "subject": "", "period": ""}
# Names in a finding; an escalation step has a name of its own.
_TIMER_NAMES = {TimerKind.SNOOZE: "wake", TimerKind.BILLING: "books", TimerKind.DIGEST: "digest"}


class SqlAudit:
    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def begin(self) -> bool:
        """Claim this minute's audit round; True for the first process that asks.

        A round recorded in the future was written before the machine's clock was set back, so it
        is replaced.
        """
        if await insert_unless_there(
            self._connection, periods, _THE_AUDIT | {"begun_at": self._now}
        ):
            return True
        last = periods.c.begun_at
        statement = (
            update(periods)
            .where(*(periods.c[name] == value for name, value in _THE_AUDIT.items()))
            .where(or_(last <= self._now - _ROUND, last > self._now + _AHEAD))
            .values(begun_at=self._now)
        )
        result: CursorResult[Any] = await self._connection.execute(statement)
        return result.rowcount == 1

    async def unarmed(self, limit: int) -> list[TicketId]:
        """Return up to `limit` tickets with a running clock that has no timer for its due instant.

        Other missing timers are detected when clocks are compared with their history.
        """
        later = clocks.c.breach_at > clocks.c.due_at
        missing = or_(
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

    async def open_tickets(self, after: int, limit: int) -> list[TicketId]:
        """Return the ids of up to `limit` open tickets with an id above `after`, in order."""
        statement = (
            select(tickets.c.id)
            .where(OPEN_TICKET, tickets.c.id > after)
            .order_by(tickets.c.id)
            .limit(limit)
        )
        return list((await self._connection.execute(statement)).scalars())

    async def waiting(self, since: datetime, limit: int) -> list[Waiting]:
        """Return the rows that have been ready since `since` and are still unprocessed.

        Includes the first row of each channel of the outbox and of the inbox, and due timers; up
        to `limit` of every kind.
        """
        return [
            *await self._read(QueueName.OUTBOX, _unsent(since), limit),
            *await self._read(QueueName.INBOX, _unworked(since), limit),
            *await self._read(QueueName.TIMERS, _unfired(since), limit),
        ]

    async def _read(self, where: QueueName, statement: Select[Any], limit: int) -> list[Waiting]:
        rows = await self._connection.execute(statement.limit(limit))
        return [Waiting(where, *row) for row in rows]


def _unsent(since: datetime) -> Select[Any]:
    heads = first_of_each(outbox.c.channel, OPEN)
    return (
        select(outbox.c.id, outbox.c.attempts, outbox.c.key, outbox.c.ticket_id)
        .where(outbox.c.id.in_(heads), OPEN, outbox.c.not_before <= since)
        .where(or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= since))
        .order_by(outbox.c.id)
    )


def _unworked(since: datetime) -> Select[Any]:
    undone = inbox.c.done_at.is_(None)
    heads = first_of_each(inbox.c.lane, undone)
    return (
        select(inbox.c.id, inbox.c.attempts, inbox.c.key)
        .where(inbox.c.id.in_(heads), undone, inbox.c.not_before <= since)
        .order_by(inbox.c.id)
    )


def _unfired(since: datetime) -> Select[Any]:
    about = case(_TIMER_NAMES, value=timers.c.kind, else_=timers.c.step)
    return (
        select(timers.c.id, literal(0), about, timers.c.ticket_id)
        .where(timers.c.fired_at.is_(None), timers.c.due_at <= since)
        .order_by(timers.c.due_at, timers.c.id)
    )


def _missing(step: Step, at: ColumnElement[datetime | None]) -> ColumnElement[bool]:
    name = clocks.c.metric + ":" + cast(clocks.c.number, Text)
    return ~exists().where(
        timers.c.ticket_id == clocks.c.ticket_id,
        timers.c.clock == name,
        timers.c.step == str(step),
        timers.c.due_at == at,
    )
