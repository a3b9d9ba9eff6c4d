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
class Finding:
    """A problem that the audit could not repair. `key` stays the same in each round."""

    key: str
    words: str  # for operators: the problem and the remedy


_WORDS = {
    QueueName.OUTBOX: "the message {about} could go to Slack and is not sent",
    QueueName.INBOX: "the delivery {about} could be worked and is not",
    QueueName.TIMERS: "a timer ({about}) is due and does not fire",
}


def nobody_takes(waiting: Waiting) -> Finding:
    """Return the finding for a row that was ready at two audits in a row and was not processed."""
    problem = _WORDS[waiting.where].format(about=waiting.about)
    return Finding(
        f"{waiting.where}:{waiting.id}",
        f"{problem}: look in the log for what its worker runs into, and restart Deskbell if it says"
        " nothing",
    )
