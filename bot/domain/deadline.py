"""When a promise is due, and why then."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Deadline:
    """One promise computed for one opening. All instants aware, in UTC.

    `starts_at` and `due_at` are None where the promise has no clock. `why` is the explanation,
    one sentence an item, in the plan's zone, to be followed with a calendar in hand.
    """

    opened_at: datetime
    starts_at: datetime | None
    due_at: datetime | None
    why: tuple[str, ...]


def deadline(plan: Plan, severity_id: str, opened_at: datetime) -> Deadline:
    """When the plan's first response to a ticket of this severity is due."""
    raise NotImplementedError
