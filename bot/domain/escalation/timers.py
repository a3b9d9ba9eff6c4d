"""Timers: rows that become due at an instant (aware, UTC)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.escalation.ladder import Step
from bot.domain.ids import ClientId, TicketId


class TimerKind(StrEnum):
    """The kind of a timer, as the store keeps it."""

    LADDER = "ladder"
    SNOOZE = "snooze"
    BILLING = "billing"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class LadderTimer:
    """An escalation step of a clock, or a ping that was held (`Step.HELD`).

    A held ping is a ladder timer too: when it fires, the step is decided again from the ticket's
    clock, and it can be held again.
    """

    id: int
    due_at: datetime
    ticket_id: TicketId
    clock: str  # the clock's name
    step: Step
    fired_at: datetime | None = None
    held_until: datetime | None = None  # if its ping was held: when the readers' hours begin


@dataclass(frozen=True, slots=True)
class SnoozeTimer:
    """The end of a ticket's snooze."""

    id: int
    due_at: datetime
    ticket_id: TicketId


@dataclass(frozen=True, slots=True)
class BillingTimer:
    """The next instant at which a client's billing needs work."""

    id: int
    due_at: datetime
    client_id: ClientId


@dataclass(frozen=True, slots=True)
class DigestTimer:
    """The next digest."""

    id: int
    due_at: datetime


Timer = LadderTimer | SnoozeTimer | BillingTimer | DigestTimer
