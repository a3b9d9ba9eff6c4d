"""What an audit finds amiss."""

from dataclasses import dataclass
from enum import StrEnum


class WaitsIn(StrEnum):
    OUTBOX = "outbox"
    INBOX = "inbox"
    TIMERS = "timers"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that somebody should have taken up. One that was tried meanwhile has more attempts,
    and so is another one."""

    where: WaitsIn
    id: int
    attempts: int
    about: str  # the key of a message or a delivery, the step of a timer
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What could not be put right. `key` stays the same from round to round."""

    key: str
    words: str  # for operators: what is so, and what to do


_WORDS = {
    WaitsIn.OUTBOX: "the message {about} could go to Slack and is not sent",
    WaitsIn.INBOX: "the delivery {about} could be worked and is not",
    WaitsIn.TIMERS: "a timer ({about}) is due and does not fire",
}


def nobody_takes(waiting: Waiting) -> Finding:
    """What was free to be taken up at two audits running, and was not."""
    said = _WORDS[waiting.where].format(about=waiting.about)
    return Finding(
        f"{waiting.where}:{waiting.id}",
        f"{said}: look in the log for what its worker runs into, and restart Deskbell if it says"
        " nothing",
    )
