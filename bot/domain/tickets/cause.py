"""The causes of a breach, and the timeline that helps staff to choose a cause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.domain.actor import user_id_of
from bot.domain.ticket_events import (
    AnswerRecorded,
    Assigned,
    BeganEarlier,
    BreachCorrected,
    Breached,
    BreachWithdrawn,
    Cancelled,
    Categorised,
    CauseRecorded,
    ClientWrote,
    Deleted,
    Edited,
    FaultRecorded,
    FirstResponse,
    Flagged,
    Joined,
    Merged,
    NoLongerWaiting,
    Noted,
    Opened,
    ProposalNoted,
    Rated,
    RecordedEvent,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    SeverityDecided,
    SeverityProposed,
    Snoozed,
    StaffWrote,
    Taken,
    TicketEvent,
    TimersRepaired,
    Unmerged,
    Waiting,
    Waived,
    Woken,
)

STORY_LINES = 5


class Cause(StrEnum):
    """The causes that reports count. Staff may add free text to a cause."""

    UNSEEN = "unseen"
    NOBODY_FREE = "nobody-free"
    SEVERITY = "severity"
    WAITED = "waited"
    OUTAGE = "outage"
    OTHER = "other"


class Step(StrEnum):
    """The steps in the timeline of a breach."""

    OPENED = "opened"
    SEVERITY_DECIDED = "severity_decided"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    WAITING = "waiting"
    SNOOZED = "snoozed"
    FIRST_RESPONSE = "first_response"
    DUE = "due"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True, slots=True)
class Passage:
    """An entry in the timeline of a ticket. `by` is a Slack user ID or a name."""

    at: datetime
    step: Step
    by: str | None = None
    detail: str | None = None


_NotInTimeline = (
    Opened
    | BeganEarlier
    | StaffWrote
    | ClientWrote
    | SeverityProposed
    | ProposalNoted
    | Resumed
    | NoLongerWaiting
    | Woken
    | Categorised
    | FaultRecorded
    | CauseRecorded
    | Waived
    | Noted
    | Replied
    | AnswerRecorded
    | Merged
    | Unmerged
    | Joined
    | Resolved
    | Reopened
    | Cancelled
    | Rated
    | Breached
    | BreachCorrected
    | BreachWithdrawn
    | Flagged
    | Edited
    | Deleted
    | TimersRepaired
)


def passages_of(history: Iterable[RecordedEvent]) -> list[Passage]:
    """Return the events that help to explain a breach, in order of time."""
    passages = [
        Passage(recorded.at, step, user_id_of(recorded.actor))
        for recorded in history
        if (step := _step(recorded.event)) is not None
    ]
    return sorted(passages, key=lambda passage: passage.at)


def _step(event: TicketEvent) -> Step | None:
    """Return the step that the event is in the timeline of a breach, or None."""
    if isinstance(event, _NotInTimeline):
        return None
    match event:
        case SeverityDecided():
            step = Step.SEVERITY_DECIDED
        case Taken():
            step = Step.TAKEN
        case Assigned():
            step = Step.ASSIGNED
        case Waiting():
            step = Step.WAITING
        case Snoozed():
            step = Step.SNOOZED
        case FirstResponse():
            step = Step.FIRST_RESPONSE
        case _:
            assert_never(event)
    return step


def story_of(
    opened: Passage, happened: Sequence[Passage], due: Passage, ended: Passage
) -> tuple[Passage, ...]:
    """Return the timeline of a breach in order of time, with at most STORY_LINES entries.

    The entries are the opening, the last relevant events before the due time, the due time and the
    end.
    """
    before = [passage for passage in happened if passage.at <= due.at]
    middle = before[-(STORY_LINES - 3) :]
    return (opened, *middle, due, ended)
