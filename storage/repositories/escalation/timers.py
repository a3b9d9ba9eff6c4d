"""Timers: the due rows, which are authoritative; the scheduler only wakes the process."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.escalation.decision import Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.timers import Timer, billing_timer_name, client_of_billing_timer
from bot.domain.ids import ClientId
from storage.engine.client_locks import ClientLocks
from storage.tables.escalation import timers
from storage.tables.operations import clients
from storage.tables.tickets import tickets

_WAITING = timers.c.fired_at.is_(None)
_ADD = insert(timers)
_NEXT_DUE = select(func.min(timers.c.due_at)).where(_WAITING)
_OF_TICKET = timers.c.ticket_id.is_not(None)
_OF_DIGEST = and_(timers.c.ticket_id.is_(None), timers.c.clock.is_(None))
_OF_BOOKS = and_(timers.c.ticket_id.is_(None), timers.c.clock.is_not(None))
_OF_SNOOZE = timers.c.clock.is_(None)
_OF_TICKETS = select(timers).where(
    timers.c.ticket_id.in_(bindparam("wanted", expanding=True)), ~_OF_SNOOZE
)
_HELD = timers.c.step == literal(str(Step.HELD), literal_execute=True)


class SqlTimers:
    def __init__(self, connection: AsyncConnection, holds: ClientLocks) -> None:
        self._connection = connection
        self._holds = holds
        self.soonest: datetime | None = None  # earliest timer that this transaction has set

    async def arm(
        self, ticket_id: int, wanted: Collection[tuple[str, Rung]], there: Collection[Timer]
    ) -> None:
        """Replace the ticket's timers by these steps of its clocks, except held timers.

        A step that has fired stays fired. `there` are the timers that the ticket has.
        """
        rungs = {(clock, rung.step, rung.at) for clock, rung in wanted}
        gone = [
            timer.id
            for timer in there
            if timer.fired_at is None
            and timer.step != Step.HELD
            and (timer.clock, timer.step, timer.due_at) not in rungs
        ]
        if gone:
            await self._connection.execute(delete(timers).where(timers.c.id.in_(gone)))
        lacking = rungs - {(timer.clock, timer.step, timer.due_at) for timer in there}
        await self.add(ticket_id, [(clock, Rung(step, at)) for clock, step, at in lacking])

    async def add(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None:
        """Add timers for these steps, and keep the others."""
        if wanted:
            rows = [
                {"due_at": rung.at, "ticket_id": ticket_id, "clock": clock, "step": str(rung.step)}
                for clock, rung in wanted
            ]
            await self._connection.execute(_ADD, rows)
            self._armed(min(rung.at for _, rung in wanted))

    async def hold(
        self, ticket_id: int, clocks: Collection[str], until: datetime, now: datetime
    ) -> None:
        """Hold the steps of these clocks that fired at `now`; they are decided again at `until`.

        The hold is recorded on the fired rows too, so that the auditor notices if the new row is
        missing.
        """
        fired = and_(timers.c.ticket_id == ticket_id, timers.c.fired_at == now)
        held = update(timers).where(fired, timers.c.clock.in_(clocks)).values(held_until=until)
        await self._connection.execute(held)
        await self.add(ticket_id, [(clock, Rung(Step.HELD, until)) for clock in clocks])

    async def of_each(self, ticket_ids: Collection[int]) -> dict[int, list[Timer]]:
        """Return the pending and fired timers of these tickets' clocks, by ticket ID."""
        timers_of: dict[int, list[Timer]] = {ticket_id: [] for ticket_id in ticket_ids}
        rows = await self._connection.execute(_OF_TICKETS, {"wanted": list(ticket_ids)})
        for row in rows:
            timers_of[row.ticket_id].append(_timer(row))
        return timers_of

    async def held(self, since: datetime) -> list[tuple[int, str]]:
        """Return the tickets and clocks that were held until an instant after `since`."""
        statement = (
            select(timers.c.ticket_id, timers.c.clock)
            .where(_HELD, timers.c.due_at > since)
            .order_by(timers.c.due_at, timers.c.id)
        )
        rows = await self._connection.execute(statement)
        return list(dict.fromkeys((row.ticket_id, row.clock) for row in rows))

    async def wake(self, ticket_id: int, at: datetime | None) -> None:
        """Set the only instant at which a snoozed ticket wakes; None: never."""
        its_own = timers.c.ticket_id == ticket_id
        await self._connection.execute(delete(timers).where(its_own, _OF_SNOOZE, _WAITING))
        if at is not None:
            await self._connection.execute(_ADD, {"due_at": at, "ticket_id": ticket_id})
            self._armed(at)

    async def arm_books(self, client_id: int, due_at: datetime) -> None:
        """Set the only instant at which a client's billing is processed."""
        name = billing_timer_name(client_id)
        waiting = delete(timers).where(_OF_BOOKS, timers.c.clock == name, _WAITING)
        await self._connection.execute(waiting)
        await self._connection.execute(insert(timers).values(due_at=due_at, clock=name))
        self._armed(due_at)

    async def armed_books(self) -> set[int]:
        """Return the IDs of the clients with a pending billing timer."""
        statement = select(timers.c.clock).where(_OF_BOOKS, _WAITING)
        return {
            client_of_billing_timer(name)
            for name in (await self._connection.scalars(statement)).all()
        }

    async def arm_digest(self, due_at: datetime) -> None:
        """Set the only instant at which the next digest is due."""
        await self._connection.execute(delete(timers).where(_OF_DIGEST, _WAITING))
        await self._connection.execute(insert(timers).values(due_at=due_at))
        self._armed(due_at)

    async def digest_due(self) -> datetime | None:
        # The earliest, if two replicas have set a timer each; `periods` prevents a second digest.
        statement = select(func.min(timers.c.due_at)).where(_OF_DIGEST, _WAITING)
        due_at: datetime | None = (await self._connection.execute(statement)).scalar_one()
        return due_at

    async def claim(self, now: datetime, limit: int, skip: int = 0) -> list[Timer]:
        """Claim up to `limit` due timers, oldest first, and mark them as fired.

        Timers of clients that another transaction has locked are left to a later claim; the result
        is empty only if nothing is due. Billing timers follow, a single client at a time, because
        billing counts the tickets. The digest comes last, whenever it was due, because it reports
        on all of them.
        """
        ids = await self._free(now, limit, skip) or await self._waited_for(now, limit, skip)
        if not ids:
            ids = await self._books(now, skip)
        elif len(ids) < limit:
            ids += await self._digest(now, after=skip + len(ids))
        if not ids:
            ids += await self._digest(now, after=skip + len(ids))
        statement = (
            update(timers)
            .where(timers.c.id.in_(ids), _WAITING, timers.c.due_at <= now)
            .values(fired_at=now)
            .returning(timers)
        )
        claimed = [_timer(row) for row in await self._connection.execute(statement)] if ids else []
        return sorted(claimed, key=lambda timer: (timer.ticket_id is None, timer.due_at, timer.id))

    async def _free(self, now: datetime, limit: int, skip: int) -> list[int]:
        """Return the due timers of unlocked clients, and lock these clients."""
        statement = (
            select(timers.c.id, clients.c.id.label("client_id"))
            .select_from(timers.join(tickets).join(clients))
            .where(_WAITING, timers.c.due_at <= now)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(limit)
            .offset(skip)
            .with_for_update(key_share=True, skip_locked=True, of=clients)
        )
        rows = (await self._connection.execute(statement)).all()
        self._holds.locked(row.client_id for row in rows)
        return [row.id for row in rows]

    async def _waited_for(self, now: datetime, limit: int, skip: int) -> list[int]:
        """If every client with a due timer is locked, wait for the first of them."""
        first = (
            select(tickets.c.client_id)
            .select_from(timers.join(tickets))
            .where(_WAITING, timers.c.due_at <= now)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(1)
            .offset(skip)
        )
        client_id = (await self._connection.execute(first)).scalar_one_or_none()
        if client_id is None or not await self._holds.take(client_id):
            return []
        return await self._free(now, limit, skip)

    async def _books(self, now: datetime, skip: int) -> list[int]:
        """Return a client's due billing timer.

        The client is locked before the row, in the same order as when the timer is armed.
        """
        due = and_(_WAITING, timers.c.due_at <= now)
        of_tickets = select(func.count()).select_from(timers).where(due, _OF_TICKET)
        skipped: int = (await self._connection.execute(of_tickets)).scalar_one()
        first = (
            select(timers.c.id, timers.c.clock)
            .where(due, _OF_BOOKS)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(1)
            .offset(max(0, skip - skipped))
        )
        row = (await self._connection.execute(first)).one_or_none()
        if row is None:
            return []
        await self._holds.take(ClientId(client_of_billing_timer(row.clock)))
        return [row.id]

    async def _digest(self, now: datetime, *, after: int) -> list[int]:
        """Return the digest timer if it is due and exactly `after` other timers are due.

        Locks every client, because the digest reports on all of them.
        """
        due = timers.c.due_at <= now
        statement = select(timers.c.id).where(_OF_DIGEST, _WAITING, due)
        locked = statement.order_by(timers.c.id).with_for_update(skip_locked=True)
        ids = list((await self._connection.execute(locked)).scalars())
        if not ids:
            return []
        before = select(func.count()).select_from(timers).where(~_OF_DIGEST, _WAITING, due)
        if (await self._connection.execute(before)).scalar_one() != after:
            return []
        await self._holds.take_all()
        return ids

    async def next_due(self) -> datetime | None:
        soonest: datetime | None = (await self._connection.execute(_NEXT_DUE)).scalar_one()
        return soonest

    def _armed(self, due_at: datetime) -> None:
        self.soonest = due_at if self.soonest is None else min(self.soonest, due_at)


def _timer(row: Row[Any]) -> Timer:
    step = Step(row.step) if row.step else None
    return Timer(row.id, row.due_at, step, row.ticket_id, row.clock, row.fired_at, row.held_until)
