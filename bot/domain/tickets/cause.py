"""The causes of a breach, and the timeline that helps staff to choose a cause."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.actor import user_id_of
from bot.domain.ticket_events import (
    Assigned,
    FirstResponse,
    RecordedEvent,
    SeverityDecided,
    Snoozed,
    Taken,
    TicketEvent,
    Waiting,
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


# The other events are left out of the timeline: they do not help to explain a breach.
_STEPS: Mapping[type[TicketEvent], Step] = {
    SeverityDecided: Step.SEVERITY_DECIDED,
    Taken: Step.TAKEN,
    Assigned: Step.ASSIGNED,
    Waiting: Step.WAITING,
    Snoozed: Step.SNOOZED,
    FirstResponse: Step.FIRST_RESPONSE,
}


def passages_of(history: Iterable[RecordedEvent]) -> list[Passage]:
    """Return the events that help to explain a breach, in order of time."""
    passages = [
        Passage(recorded.at, step, user_id_of(recorded.actor))
        for recorded in history
        if (step := _STEPS.get(type(recorded.event))) is not None
    ]
    return sorted(passages, key=lambda passage: passage.at)


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
