"""The causes of a breach, and the timeline that helps staff to choose a cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STORY_LINES = 5


class Cause(StrEnum):
    """The causes that reports count. Staff may add free text to a cause."""

    UNSEEN = "unseen"
    NOBODY_FREE = "nobody-free"
    SEVERITY = "severity"
    WAITED = "waited"
    OUTAGE = "outage"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Passage:
    """An entry in the timeline of a ticket.

    `what` is the kind of the event, or "opened", "due" or "not_answered". `by` is a Slack user ID
    or a name.
    """

    at: datetime
    what: str
    by: str = ""
    detail: str = ""


_TELLING = ("severity_decided", "taken", "assigned", "waiting", "snoozed", "first_response")


def story_of(
    opened: Passage, happened: Sequence[Passage], due: Passage, ended: Passage
) -> tuple[Passage, ...]:
    """Return the timeline of a breach in order of time, with at most STORY_LINES entries.

    The entries are the opening, the last relevant events before the due time, the due time and the
    end.
    """
    before = [passage for passage in happened if passage.what in _TELLING and passage.at <= due.at]
    middle = before[-(STORY_LINES - 3) :]
    return (opened, *middle, due, ended)
