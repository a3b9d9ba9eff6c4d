"""Health checks for each part of the desk, with instructions for the operator.

The desk is "green only when socket canary, auditor, outbox age and a database write are".
"""

from dataclasses import dataclass
from datetime import timedelta

AUDIT_WITHIN = timedelta(minutes=3)
INBOX_WITHIN = timedelta(minutes=2)
TIMERS_WITHIN = timedelta(minutes=2)
OUTBOX_WITHIN = timedelta(minutes=5)

DATABASE, SLACK, DELIVERIES, AUDITOR, INBOX, OUTBOX, TIMERS = PARTS = (
    "database",
    "slack",
    "deliveries",
    "auditor",
    "inbox",
    "outbox",
    "timers",
)
# Without the database or Slack, the desk would lose deliveries. A backlog is no reason to send
# deliveries elsewhere, and a lack of deliveries would never end if none were sent here.
NEEDED_TO_SERVE = frozenset({DATABASE, SLACK})


@dataclass(frozen=True, slots=True)
class Signs:
    """The observations at one instant.

    The ages are those of the oldest row that was ready to be processed when the database last
    answered; zero if there is none.
    """

    database: str = ""  # the problem, "" for none
    slack: str = ""
    deliveries: str = ""
    audited: timedelta = timedelta(0)  # the time since the last audit
    findings: tuple[str, ...] = ()
    inbox: timedelta = timedelta(0)
    outbox: timedelta = timedelta(0)
    timers: timedelta = timedelta(0)


def ailing(signs: Signs) -> dict[str, str]:
    """Return the unhealthy parts, each with the problem and the remedy."""
    parts = {
        DATABASE: signs.database,
        SLACK: signs.slack,
        DELIVERIES: signs.deliveries,
        AUDITOR: _auditor(signs),
        INBOX: _inbox(signs.inbox),
        OUTBOX: _outbox(signs.outbox),
        TIMERS: _timers(signs.timers),
    }
    return {part: words for part, words in parts.items() if words}


def _auditor(signs: Signs) -> str:
    if signs.findings:
        return "the audit found that " + "; and that ".join(signs.findings)
    if signs.audited <= AUDIT_WITHIN:
        return ""
    return (
        f"the last audit was {words_of(signs.audited)} ago: look in the log for what keeps the"
        " auditor, and restart Deskbell if it says nothing"
    )


def _inbox(age: timedelta) -> str:
    if age <= INBOX_WITHIN:
        return ""
    return (
        f"what Slack delivered {words_of(age)} ago is not worked yet: wait if much came at once,"
        " otherwise look in the log for what it runs into"
    )


def _outbox(age: timedelta) -> str:
    if age <= OUTBOX_WITHIN:
        return ""
    return (
        f"a message has been owed for {words_of(age)}: wait if much is said in one channel,"
        " otherwise look in the log for what Slack answers"
    )


def _timers(age: timedelta) -> str:
    if age <= TIMERS_WITHIN:
        return ""
    return (
        f"a deadline passed {words_of(age)} ago and nobody has been told: look in the log for what"
        " the ticker runs into, and restart Deskbell if it says nothing"
    )


def words_of(age: timedelta) -> str:
    """Return an age as "40 s", "4 min" or "3 h", rounded down."""
    minutes = age // timedelta(minutes=1)
    if minutes < 1:
        return f"{age // timedelta(seconds=1)} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
