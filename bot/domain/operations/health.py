"""Health checks for each part of the desk.

The desk is "green only when socket canary, auditor, outbox age and a database write are".
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.operations.stuck_rows import Finding
from bot.errors import StoreProblem

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
class DatabaseSilent:
    """The database has not answered within a time limit."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No connection to Slack is open."""


@dataclass(frozen=True, slots=True)
class AppTokenRefused:
    """Slack accepts no connection with the app-level token. `error` is Slack's error code."""

    error: str


@dataclass(frozen=True, slots=True)
class BotTokenRefused:
    """Slack accepts no message with the bot token. `needed` lists the scopes that it lacks, None
    if that is not the reason."""

    error: str
    needed: str | None


@dataclass(frozen=True, slots=True)
class NothingDelivered:
    """Slack accepts messages and delivers no events."""


@dataclass(frozen=True, slots=True)
class FaultsFound:
    """The audit found faults that it cannot repair."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AuditLate:
    """The last audit was a while ago."""

    age: timedelta


@dataclass(frozen=True, slots=True)
class DeliveriesLate:
    """The oldest delivery of the inbox is still not processed."""

    age: timedelta


@dataclass(frozen=True, slots=True)
class MessagesLate:
    """The oldest message of the outbox is still not sent."""

    age: timedelta


@dataclass(frozen=True, slots=True)
class TimersLate:
    """The oldest due timer has not fired."""

    age: timedelta


DatabaseProblem = StoreProblem | DatabaseSilent
SlackProblem = BotTokenRefused | AppTokenRefused | NotConnected
HealthProblem = (
    DatabaseProblem
    | SlackProblem
    | NothingDelivered
    | FaultsFound
    | AuditLate
    | DeliveriesLate
    | MessagesLate
    | TimersLate
)


@dataclass(frozen=True, slots=True)
class Signs:
    """The observations at one instant.

    The ages are those of the oldest row that was ready to be processed when the database last
    answered; zero if there is none.
    """

    database: DatabaseProblem | None = None
    slack: SlackProblem | None = None
    deliveries: NothingDelivered | None = None
    audited: timedelta = timedelta(0)  # the time since the last audit
    findings: tuple[Finding, ...] = ()
    inbox: timedelta = timedelta(0)
    outbox: timedelta = timedelta(0)
    timers: timedelta = timedelta(0)


def health_problems(signs: Signs) -> dict[str, HealthProblem]:
    """Return the problem of each unhealthy part, in the order of PARTS."""
    problems: dict[str, HealthProblem | None] = {
        DATABASE: signs.database,
        SLACK: signs.slack,
        DELIVERIES: signs.deliveries,
        AUDITOR: _audit_problem(signs),
        INBOX: DeliveriesLate(signs.inbox) if signs.inbox > INBOX_WITHIN else None,
        OUTBOX: MessagesLate(signs.outbox) if signs.outbox > OUTBOX_WITHIN else None,
        TIMERS: TimersLate(signs.timers) if signs.timers > TIMERS_WITHIN else None,
    }
    return {part: problem for part, problem in problems.items() if problem is not None}


def _audit_problem(signs: Signs) -> FaultsFound | AuditLate | None:
    if signs.findings:
        return FaultsFound(signs.findings)
    return AuditLate(signs.audited) if signs.audited > AUDIT_WITHIN else None
