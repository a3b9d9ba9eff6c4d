"""Health checks for each part of the desk.

The desk is "green only when socket canary, auditor, outbox age and a database write are".
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.operations.stuck_rows import Finding

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

    database: str | None = None  # the problem
    slack: str | None = None
    deliveries: str | None = None
    audited: timedelta = timedelta(0)  # the time since the last audit
    findings: tuple[Finding, ...] = ()
    inbox: timedelta = timedelta(0)
    outbox: timedelta = timedelta(0)
    timers: timedelta = timedelta(0)


def ailing(signs: Signs) -> tuple[str, ...]:
    """Return the unhealthy parts, in the order of PARTS."""
    unhealthy = {
        DATABASE: signs.database is not None,
        SLACK: signs.slack is not None,
        DELIVERIES: signs.deliveries is not None,
        AUDITOR: bool(signs.findings) or signs.audited > AUDIT_WITHIN,
        INBOX: signs.inbox > INBOX_WITHIN,
        OUTBOX: signs.outbox > OUTBOX_WITHIN,
        TIMERS: signs.timers > TIMERS_WITHIN,
    }
    return tuple(part for part in PARTS if unhealthy[part])
