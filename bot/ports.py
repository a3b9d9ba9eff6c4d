"""What the use-cases need of the outside, as protocols: the store, seen from the desk."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.domain.client import Agreement, Client, Role, StaffMember
from bot.domain.clocks import Clock
from bot.domain.digest import Judged
from bot.domain.escalation import Rung, Step
from bot.domain.period import Period
from bot.domain.ticket import Side, Source, Ticket

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket before it has an id, a number and a key."""

    client_id: int
    source: Source
    opened_at: datetime
    opened_by: str
    summary: str
    agreement_id: int
    catalog_version_id: int
    plan_id: str
    severity: str | None = None
    severity_by: Side | None = None
    channel_id: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """A message that a person wrote in a channel, as Slack delivered it; `text` is raw."""

    channel_id: str
    ts: str
    thread_ts: str | None  # None at top level
    user_id: str
    text: str
    file_names: tuple[str, ...] = ()
    client_msg_id: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a message that is on record, and when by Slack."""

    user_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history. `actor` is a Slack user ID, or "deskbell" for what time brings."""

    ticket_id: int
    at: datetime  # when it was true
    actor: str
    kind: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A clock of a ticket as stored (the pauses of its span are not), with the breach on record
    (its true instant)."""

    clock: Clock
    breached_at: datetime | None
    noticed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A due row that was claimed. `ticket_id` None: the digest."""

    id: int
    due_at: datetime
    step: Step | None
    ticket_id: int | None
    clock: str | None = None  # which of the ticket's clocks


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to be said in Slack. `key` names what it says: a second one is the same one.

    `channel` is a channel ID, or a user ID for a direct message. `under` is the key of the
    message in whose thread it belongs, where that thread is our own and not known by `ts` yet.
    """

    key: str
    kind: str
    channel: str
    thread_ts: str | None = None
    under: str | None = None
    ticket_id: int | None = None
    facts: Json = field(default_factory=dict)


class Clients(Protocol):
    async def add(self, key: str, name: str, channel_id: str | None) -> Client: ...
    async def agree(self, agreement: Agreement) -> Agreement: ...
    async def by_id(self, client_id: int) -> Client: ...
    async def by_key(self, key: str) -> Client | None: ...
    async def by_channel(self, channel_id: str) -> Client | None: ...
    async def all(self) -> list[Client]: ...
    async def agreement_at(self, client_id: int, instant: datetime) -> Agreement | None: ...
    async def agreement(self, agreement_id: int) -> Agreement: ...


class Staff(Protocol):
    async def put(self, member: StaffMember) -> None: ...
    async def get(self, user_id: str) -> StaffMember | None: ...
    async def all(self, role: Role | None = None) -> list[StaffMember]: ...


class Tickets(Protocol):
    async def add(self, new: NewTicket) -> Ticket: ...
    async def get(self, ticket_id: int) -> Ticket: ...
    async def by_key(self, key: str) -> Ticket | None: ...
    async def by_thread(self, channel_id: str, thread_ts: str) -> Ticket | None: ...
    async def awaiting_answer(self, channel_id: str) -> list[Ticket]: ...
    async def save(self, ticket: Ticket) -> None: ...
    async def position(self, ticket: Ticket, period: Period) -> int: ...
    async def after(self, ticket: Ticket, period: Period) -> list[Ticket]: ...
    async def used(self, client_id: int, period: Period) -> int: ...
    async def all(self) -> list[Ticket]: ...


class Clocks(Protocol):
    async def put(self, ticket_id: int, computed: Sequence[Clock]) -> None: ...
    async def of(self, ticket_id: int) -> list[ClockRow]: ...
    async def record_breach(
        self, ticket_id: int, clock: str, breached_at: datetime, noticed_at: datetime
    ) -> None: ...
    async def withdraw_breach(self, ticket_id: int, clock: str) -> None: ...
    async def take_unreported(self, now: datetime) -> list[tuple[int, str]]: ...
    async def late(self) -> list[tuple[int, str]]: ...
    async def at_risk(self, before: datetime) -> list[tuple[int, str]]: ...
    async def judged(self, start: datetime, end: datetime) -> list[tuple[int, Judged]]: ...


class Timers(Protocol):
    async def arm(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None: ...
    async def add(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None: ...
    async def arm_digest(self, due_at: datetime) -> None: ...
    async def digest_due(self) -> datetime | None: ...
    async def claim(self, now: datetime, limit: int, skip: int = 0) -> list[Timer]: ...
    async def next_due(self) -> datetime | None: ...


class History(Protocol):
    async def append(self, events: Iterable[Event]) -> None: ...
    async def of(self, ticket_id: int) -> list[Event]: ...


class Messages(Protocol):
    async def record(self, message: ChannelMessage, received_at: datetime) -> bool: ...
    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: int | None, because: str
    ) -> None: ...
    async def ticket_of(self, channel_id: str, ts: str) -> int | None: ...
    async def first_of_staff(
        self, channel_id: str, thread_ts: str, since_ts: str
    ) -> Written | None: ...
    async def last_joined(
        self, channel_id: str, user_id: str, since_ts: str, before_ts: str
    ) -> int | None: ...


@dataclass(frozen=True, slots=True)
class InboxRow:
    """What Slack delivered, as it came. `lane` is the channel: one lane is worked in order."""

    id: int
    lane: str
    body: Json
    attempts: int


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed message. `doubtful`: an earlier send may or may not have reached Slack."""

    id: int
    message: Outgoing
    created_at: datetime
    attempts: int
    doubtful: bool
    looked: int  # how often a doubtful one was looked up and not found
    thread_ts: str | None
    sent_channel: str | None  # where it stands in Slack, once it does
    sent_ts: str | None


class Inbox(Protocol):
    async def put(self, key: str, lane: str, body: Json) -> bool: ...
    async def waiting(self, limit: int) -> list[InboxRow]: ...
    async def claim(self, limit: int) -> list[InboxRow]: ...
    async def done(self, row_id: int, outcome: str) -> None: ...
    async def again(self, row_id: int, not_before: datetime) -> None: ...


class Outbox(Protocol):
    async def say(self, *messages: Outgoing) -> None: ...
    async def refresh(self, *keys: str) -> None: ...
    async def claim(
        self, lease_until: datetime, resting: Collection[str], limit: int
    ) -> list[OutboxRow]: ...
    async def sent(self, row_id: int, channel: str, ts: str) -> None: ...
    async def nothing_to_say(self, row_id: int) -> None: ...
    async def doubt(self, row_id: int, not_before: datetime, error: str) -> None: ...
    async def not_found(self, row_id: int, not_before: datetime) -> None: ...
    async def again(self, row_id: int, not_before: datetime, error: str) -> None: ...
    async def failed(self, row_id: int, error: str) -> None: ...
    async def release_leases(self) -> None: ...
    async def backlog(self) -> int: ...


class Periods(Protocol):
    async def begin(self, kind: str, subject: str, period: str, now: datetime) -> bool: ...


class Audit(Protocol):
    async def begin(self, minute: datetime) -> bool: ...
    async def last(self) -> datetime | None: ...
    async def unarmed(self, limit: int) -> list[int]: ...


class CatalogVersions(Protocol):
    async def record(self, name: str, digest: str, text: str, now: datetime) -> int: ...
    async def in_force(self, name: str, instant: datetime) -> int: ...
    async def text(self, version_id: int) -> tuple[str, str]: ...


class Work(Protocol):
    """One transaction on the store, with everything in it. Only its owner, a door, commits."""

    @property
    def clients(self) -> Clients: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def clocks(self) -> Clocks: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def history(self) -> History: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def periods(self) -> Periods: ...
    @property
    def catalogs(self) -> CatalogVersions: ...
    @property
    def audit(self) -> Audit: ...
