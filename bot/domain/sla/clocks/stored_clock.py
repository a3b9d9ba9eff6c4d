"""A stored SLA clock with its recorded breach."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.sla.clocks.sla_clock import SlaClock


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A stored clock without the pauses of its span, with the recorded time of its breach.

    `breached_at` is the true instant of the breach, `noticed_at` is when Deskbell detected it.
    """

    clock: SlaClock
    breached_at: datetime | None
    noticed_at: datetime | None
