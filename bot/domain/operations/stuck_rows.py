"""The findings of an audit that operators must act on."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import TicketId


class QueueName(StrEnum):
    """The table in which a row waits."""

    OUTBOX = "outbox"
    INBOX = "inbox"
    TIMERS = "timers"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that a worker should have processed.

    A failed attempt changes `attempts`, so the row then compares as a different row.
    """

    where: QueueName
    id: int
    attempts: int
    about: str  # the key of a message or a delivery, or the step of a timer
    ticket_id: TicketId | None = None


@dataclass(frozen=True, slots=True)
class RowStuck:
    """A row that was ready at two audits in a row and was not processed."""

    where: QueueName
    id: int
    about: str

    @property
    def key(self) -> str:
        """Return the key of the finding, which stays the same in each round."""
        return f"{self.where}:{self.id}"


@dataclass(frozen=True, slots=True)
class ClocksUnrepaired:
    """A ticket whose clocks disagree with its history, also after they were recomputed."""

    ticket_id: int
    ticket: str  # its key

    @property
    def key(self) -> str:
        """Return the key of the finding, which stays the same in each round."""
        return f"ticket:{self.ticket_id}"


@dataclass(frozen=True, slots=True)
class ClocksCrashed:
    """A ticket whose clocks cannot be computed, because of an unexpected error."""

    ticket_id: int

    @property
    def key(self) -> str:
        """Return the key of the finding, which stays the same in each round."""
        return f"ticket:{self.ticket_id}"


Finding = RowStuck | ClocksUnrepaired | ClocksCrashed  # problems that the audit cannot repair


def nobody_takes(waiting: Waiting) -> RowStuck:
    """Return the finding for a row that was ready at two audits in a row and was not processed."""
    return RowStuck(waiting.where, waiting.id, waiting.about)
