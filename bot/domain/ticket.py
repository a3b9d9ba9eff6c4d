"""The ticket as a value."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId, UserId
from bot.slack_ts import MessageTs

# Slack "retries at about 0, 1 and 5 minutes": a later delivery counts as received late.
ON_TIME_WITHIN = timedelta(minutes=5)

# In characters. 3,000 is Slack's limit for an input in a dialog; typed commands have the same
# limit.
WORDS_LENGTH = 3000
FAULT_LENGTH = 300
BEST_RATING = 5


class TicketState(StrEnum):
    """The state of a ticket."""

    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"  # by the client
    DISMISSED = "dismissed"  # by staff: not a ticket
    MERGED = "merged"  # it continues as part of another ticket of the same client


class Source(StrEnum):
    """The way in which the report arrived."""

    SLACK = "slack"
    EMAIL = "email"
    PHONE = "phone"
    PORTAL = "portal"
    ALERT = "alert"  # found by the vendor, reported by nobody


class Side(StrEnum):
    """The side of a person. Staff is an explicit list; everybody else is on the client's side."""

    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request for support with a promise. Instants are aware, in UTC.

    `opened_at` is the Slack `ts` of the client's message (never the time of receipt), or the
    reported time that staff give. The ticket stays pinned to the catalogue version and the
    agreement version in force at that instant. `opened_by` is a Slack user ID, or a name for other
    sources.
    """

    id: TicketId
    client_id: ClientId
    number: int
    key: str
    source: Source
    opened_at: datetime
    opened_by: str
    summary: str
    agreement_id: AgreementId
    catalog_version_id: int
    plan_id: str
    channel_id: ChannelId | None = None
    thread_ts: MessageTs | None = None  # its thread in the client's channel
    severity: str | None = None  # None: not set
    severity_by: Side | None = None  # a client's proposal applies until staff decide
    state: TicketState = TicketState.OPEN
    assignee: UserId | None = None
    counted: bool = True  # against the quota
    first_response_at: datetime | None = None
    first_response_by: UserId | None = None
    resolved_at: datetime | None = None  # also when it was withdrawn, dismissed or merged
    resolution: str | None = None  # what was done, in words for the client
    rating: int | None = None  # 1 to 5, the client's rating of the resolution
    waiting_since: datetime | None = None  # since when staff wait for the client
    snoozed_until: datetime | None = None  # until then it is hidden from the assignee's queue
    found_at: datetime | None = None  # when the message arrived, if it was received late
    category: str | None = None  # a category ID of its plan
    merged_into: str | None = None  # the key of the ticket that continues it
    fault: str | None = None  # the reason why the vendor caused it; None if the vendor did not
    cause: str | None = None  # the recorded cause of a breach, a value of `Cause`
    cause_words: str | None = None
    taken: bool = False  # the assignee took it or answered, and was not only assigned
    waived: str | None = None  # the reason of a waiver by a manager

    @property
    def is_open(self) -> bool:
        """Return whether the ticket is open."""
        return self.state is TicketState.OPEN

    def sleeps(self, now: datetime) -> bool:
        """Return whether the ticket is snoozed at `now`."""
        return self.is_open and self.snoozed_until is not None and self.snoozed_until > now


def found_late(said_at: datetime, now: datetime) -> datetime | None:
    """Return `now` if a message from `said_at` was received late, else None."""
    return now if now - said_at > ON_TIME_WITHIN else None
