"""Why a promise was broken, as people say it, and the story that helps to say it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

STORY_LINES = 5


class Cause(StrEnum):
    """What is counted; people may write more beside it."""

    UNSEEN = "unseen"
    NOBODY_FREE = "nobody-free"
    SEVERITY = "severity"
    WAITED = "waited"
    OUTAGE = "outage"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Cause.UNSEEN: "nobody saw it in time",
    Cause.NOBODY_FREE: "nobody was free",
    Cause.SEVERITY: "its severity was wrong",
    Cause.WAITED: "it waited for somebody else",
    Cause.OUTAGE: "Slack or Deskbell was away",
    Cause.OTHER: "something else",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a ticket's story: what was done, by whom (a Slack user ID, or a name) and when;
    `what` is the kind of its event, or "opened", "due", "not_answered"."""

    at: datetime
    what: str
    by: str = ""
    detail: str = ""


_TELLING = ("severity_decided", "taken", "assigned", "waiting", "snoozed", "first_response")


def story_of(
    opened: Passage, happened: Sequence[Passage], due: Passage, ended: Passage
) -> tuple[Passage, ...]:
    """How a promise came to be broken, in STORY_LINES at most and in order of time: the opening,
    the last of what was done before it was due, the due instant, and the end."""
    before = [one for one in happened if one.what in _TELLING and one.at <= due.at]
    middle = before[-(STORY_LINES - 3) :]
    return (opened, *middle, due, ended)
