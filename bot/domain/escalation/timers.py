"""Timers: rows that become due at an instant."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation.ladder import Step


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer. `ticket_id` None is the digest or, with a `clock`, the statement of a client.

    `clock` None with a ticket is the end of a snooze.
    """

    id: int
    due_at: datetime
    step: Step | None
    ticket_id: int | None
    clock: str | None = None  # the name of the ticket's clock
    fired_at: datetime | None = None
    held_until: datetime | None = None  # when to tell readers who were outside their working hours


_BOOKS = "books:"


def billing_timer_name(client_id: int) -> str:
    """Return the `clock` of the timer for a client's statements, in place of a clock's name."""
    return f"{_BOOKS}{client_id}"


def client_of_billing_timer(clock: str) -> int:
    """Return the client ID from a name that `books` made."""
    return int(clock.removeprefix(_BOOKS))
