"""Record, correct, and withdraw breaches, and tell managers."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.actor import System
from bot.domain.escalation.decision import Audience, Ping, Rung
from bot.domain.escalation.ladder import Step
from bot.domain.escalation.messages import ClockStep
from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.domain.sla.clocks.stored_clock import ClockRow
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import BreachCorrected, Breached, BreachWithdrawn
from bot.usecases.desk import Desk
from bot.usecases.escalation.pings import (
    DirectPing,
    ReachedStep,
    owe_pings,
    ping_key,
    refresh_pings,
)


async def judge_breaches(desk: Desk, ticket: Ticket, rows: Sequence[ClockRow]) -> list[DirectPing]:
    """Record the breaches of the ticket's clocks, and correct those on record.

    A breach is recorded at its true instant and stays on record ("lowering a severity never erases
    it"). Only a late message changes it: if the breach was earlier, its instant is corrected; if an
    answer was in time, the breach is withdrawn. Return the pings to managers that are to be sent.
    """
    pings: list[DirectPing] = []
    for row in rows:
        stopped_at, broken_at = row.clock.span.stops_at, row.clock.broken_at(desk.now)
        if row.breached_at is None:
            pings += await _record_breach(desk, ticket, row.clock)
        elif broken_at is not None and broken_at < row.breached_at:
            await _correct_breach(desk, ticket, row, broken_at)
        elif stopped_at is not None and stopped_at <= row.breached_at:
            await _withdraw_breach(desk, ticket, row)
    return pings


async def _record_breach(desk: Desk, ticket: Ticket, clock: SlaClock) -> list[DirectPing]:
    """Record the clock's breach if it is overdue now, and return the pings to managers."""
    broken_at = clock.broken_at(desk.now)
    if broken_at is None:
        return []
    await desk.work.clocks.record_breach(ticket.id, clock.name, broken_at, desk.now)
    await desk.note(ticket, System(), Breached(clock.name, desk.now), at=broken_at)
    await desk.refresh_cards(ticket)
    reached = ReachedStep(clock, Rung(Step.DUE, broken_at))
    return await owe_pings(desk, ticket, [reached], [Ping(Step.DUE, Audience.MANAGERS, ())])


async def _correct_breach(desk: Desk, ticket: Ticket, row: ClockRow, broken_at: datetime) -> None:
    """Move a recorded breach to its earlier, true instant."""
    await desk.work.clocks.correct_breach(ticket.id, row.clock.name, broken_at)
    await desk.note(ticket, System(), BreachCorrected(row.clock.name), at=broken_at)
    await _refresh_breach_pings(desk, ticket, row.clock)


async def _withdraw_breach(desk: Desk, ticket: Ticket, row: ClockRow) -> None:
    """Take a recorded breach back: the answer was in time after all."""
    await desk.work.clocks.withdraw_breach(ticket.id, row.clock.name)
    await desk.note(ticket, System(), BreachWithdrawn(row.clock.name))
    await _refresh_breach_pings(desk, ticket, row.clock)


async def _refresh_breach_pings(desk: Desk, ticket: Ticket, clock: SlaClock) -> None:
    """Refresh the managers' pings about the clock's breach, and the ticket's cards."""
    channel = desk.places.managers_channel
    keys = [
        ping_key(ticket.id, ClockStep(clock.name, Step.DUE, past.at), Audience.MANAGERS, channel)
        for past in await desk.work.history.of(ticket.id)
        if isinstance(past.event, Breached) and past.event.clock == clock.name
    ]
    await refresh_pings(desk, keys)
    await desk.refresh_cards(ticket)
