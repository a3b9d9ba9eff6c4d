"""A ticket, as a value."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# "Retries at about 0, 1 and 5 minutes": what Slack had to repeat for longer, or never delivered,
# missed the desk.
ON_TIME_WITHIN = timedelta(minutes=5)

# Characters: Slack's own limits for an input in a dialog are 3,000; what is typed has the same.
WORDS_LENGTH = 3000
FAULT_LENGTH = 300


class TicketState(StrEnum):
    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"  # by the client
    DISMISSED = "dismissed"  # by staff: it was no ticket
    MERGED = "merged"  # it goes on as part of another of the same client


class Source(StrEnum):
    """How the report reached us."""

    SLACK = "slack"
    EMAIL = "email"
    PHONE = "phone"
    PORTAL = "portal"
    ALERT = "alert"  # nobody reported it: we noticed it ourselves


class Side(StrEnum):
    """Who speaks: staff is an explicit list of people, everybody else is on the client's side."""

    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One promise-bearing request. Instants are aware, in UTC.

    `opened_at` is the Slack `ts` of the client's message (never the time of receipt), or the
    reported time that staff give. The ticket stays pinned to the catalogue version and the
    agreement version in force then. `opened_by` is a Slack user ID, or a name for other sources.
    """

    id: int
    client_id: int
    number: int
    key: str
    source: Source
    opened_at: datetime
    opened_by: str
    summary: str
    agreement_id: int
    catalog_version_id: int
    plan_id: str
    channel_id: str | None = None
    thread_ts: str | None = None  # the thread in the client's channel in which it is talked over
    severity: str | None = None  # None: untriaged
    severity_by: Side | None = None  # a client's proposal holds until staff decide
    state: TicketState = TicketState.OPEN
    assignee: str | None = None
    counted: bool = True  # against the quota
    first_response_at: datetime | None = None
    first_response_by: str | None = None
    resolved_at: datetime | None = None  # or withdrawn, dismissed or merged
    resolution: str = ""
    rating: int | None = None  # 1 to 5, the client's, of how it was resolved
    waiting_since: datetime | None = None  # on the client
    snoozed_until: datetime | None = None  # out of the queue of whoever has it
    found_at: datetime | None = None  # when its words reached us, where that was late
    category: str | None = None  # the kind of work, of those that its plan names
    merged_into: str | None = None  # the key of the ticket as part of which it goes on
    fault: str = ""  # why staff say that it was the vendor's own; "" where it was not
    cause: str = ""  # why it was late, of `bot.domain.cause.Cause`; "" where nobody has said so
    cause_words: str = ""
    taken: bool = False  # whoever has it has taken it or answered, and was not only given it
    waived: str = ""  # why a manager charges nothing for it; "" where nobody has said so

    @property
    def is_open(self) -> bool:
        return self.state is TicketState.OPEN

    def sleeps(self, now: datetime) -> bool:
        return self.is_open and self.snoozed_until is not None and self.snoozed_until > now


def found_late(said_at: datetime, now: datetime) -> datetime | None:
    """When words were found that were said at `said_at`; None where they came in good time."""
    return now if now - said_at > ON_TIME_WITHIN else None
