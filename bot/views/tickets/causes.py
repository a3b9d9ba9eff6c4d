"""The causes of a breach in words."""

from bot.domain.tickets.cause import Cause

_WORDS = {
    Cause.UNSEEN: "nobody saw it in time",
    Cause.NOBODY_FREE: "nobody was free",
    Cause.SEVERITY: "its severity was wrong",
    Cause.WAITED: "it waited for somebody else",
    Cause.OUTAGE: "Slack or Deskbell was away",
    Cause.OTHER: "something else",
}


def cause_words(cause: str) -> str:
    """Return the cause as text, such as "nobody was free"."""
    return _WORDS[Cause(cause)]
