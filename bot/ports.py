"""The protocols of the store's repositories, and the values that they exchange."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.client import Agreement, Client, Role, StaffMember
from bot.domain.clocks import Clock
from bot.domain.digest import Judged
from bot.domain.escalation import Rung
from bot.domain.finding import Waiting
from bot.domain.ladder import Step
from bot.domain.period import Period
from bot.domain.ticket import Side, Source, Ticket

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket before the store has given it an ID, a number and a key."""

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
    found_at: datetime | None = None
    counted: bool = True


ANNOUNCED = "check_file_info:"


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """A message that a person wrote in a channel, as Slack delivered it. `text` is raw.

    Slack gives no name for a file of another workspace: `ANNOUNCED` followed by its file ID is used
    instead.
    """

    channel_id: str
    ts: str
    thread_ts: str | None  # None at top level
    user_id: str
    text: str
    file_names: tuple[str, ...] = ()
    client_msg_id: str | None = None
    to_the_desk: bool = False  # whether it mentions the bot


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A stored message, with its text since `since_ts`: its own `ts`, or the `ts` of its last edit.

    After a deletion only a stub is left.
    """

    message: ChannelMessage
    side: Side | None
    ticket_id: int | None
    since_ts: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The author and the Slack `ts` of a stored message, and the ticket that it belongs to."""

    user_id: str
    ts: str
    ticket_id: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The stored state of a message, for a comparison with Slack's history.

    `since_ts` is when its current text was written. `is_new` is true if it arrived so recently that
    Slack's history may not show it yet.
    """

    ts: str
    thread_ts: str | None
    client_msg_id: str | None
    since_ts: str
    deleted: bool
    is_new: bool
    in_ticket: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a ticket's history.

    `actor` is a Slack user ID, or "deskbell" for automatic events.
    """

    ticket_id: int
    at: datetime  # when it happened, not when it was recorded
    actor: str
    kind: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A stored clock without the pauses of its span, with the recorded time of its breach.

    `breached_at` is the true instant of the breach, `noticed_at` is when Deskbell detected it.
    """

    clock: Clock
    breached_at: datetime | None
    noticed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer. `ticket_id` None is the digest or, with a `clock`, the statement of a client.

    `clock` None with a ticket is the end of a snooze.
    """

    id: int
    due_at: datetime
    step: Step | None
    ticket_id: int | None
    clock: str | None = None  # the name of the ticket's clock
    fired_at: datetime | None = None
    held_until: datetime | None = None  # when to tell readers who were outside their working hours


_BOOKS = "books:"


def books(client_id: int) -> str:
    """Return the `clock` of the timer for a client's statements, in place of a clock's name."""
    return f"{_BOOKS}{client_id}"


def client_of_books(clock: str) -> int:
    """Return the client ID from a name that `books` made."""
    return int(clock.removeprefix(_BOOKS))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send to Slack. `key` is its idempotency key: the same key is never sent twice.

    `channel` is a channel ID, or a user ID for a direct message. `under` is the key of the message
    that starts its thread, if that message is also from the outbox and its `ts` is not known yet.
    """

    key: str
    kind: str
    channel: str
    thread_ts: str | None = None
    under: str | None = None
    ticket_id: int | None = None
    facts: Json = field(default_factory=dict)


PAGER = "pager"  # the channel of messages that go to the pagers instead of Slack


class Clients(Protocol):
    """Clients and the versions of their agreements."""

    async def add(self, key: str, name: str, channel_id: str | None) -> Client: ...
    async def agree(self, agreement: Agreement) -> Agreement: ...
    async def save(self, client: Client) -> None: ...
    async def by_id(self, client_id: int) -> Client: ...
    async def by_key(self, key: str) -> Client | None: ...
    async def by_channel(self, channel_id: str) -> Client | None: ...
    async def all(self) -> list[Client]: ...
    async def agreement_at(self, client_id: int, instant: datetime) -> Agreement | None: ...
    async def agreement(self, agreement_id: int) -> Agreement: ...
    async def versions(self, client_id: int) -> list[Agreement]: ...
    async def withdraw(self, agreement: Agreement, now: datetime) -> None: ...


class Channels(Protocol):
    """Channels whose ID Slack has changed, with their current IDs."""

    async def current(self, channel_id: str) -> str: ...
    async def follow(self, channel_id: str, became: str) -> None: ...


class Staff(Protocol):
    """The vendor's staff."""

    async def put(self, member: StaffMember) -> None: ...
    async def set_away(
        self, user_id: str, until: datetime | None, cover: str | None = None
    ) -> None: ...
    async def set_hours(self, user_id: str, hours: str, zone: str) -> None: ...
    async def remove(self, user_id: str) -> None: ...
    async def get(self, user_id: str) -> StaffMember | None: ...
    async def all(self, role: Role | None = None) -> list[StaffMember]: ...


class Tickets(Protocol):
    """Tickets, and their place in the quota of a period."""

    async def add(self, new: NewTicket) -> Ticket: ...
    async def get(self, ticket_id: int) -> Ticket: ...
    async def by_key(self, key: str) -> Ticket | None: ...
    async def by_thread(self, channel_id: str, thread_ts: str) -> Ticket | None: ...
    async def awaiting_answer(self, channel_id: str) -> list[Ticket]: ...
    async def save(self, ticket: Ticket) -> None: ...
    async def position(self, ticket: Ticket, period: Period) -> int: ...
    async def after(self, ticket: Ticket, period: Period) -> list[Ticket]: ...
    async def used(self, client_id: int, plan_id: str, period: Period) -> int: ...
    async def of_client(self, client_id: int, before: datetime) -> list[Ticket]: ...
    async def all(self) -> list[Ticket]: ...
    async def open_ids(self, client_id: int | None = None) -> list[int]: ...
    async def open_for(self, people: Collection[str], present: Collection[str]) -> list[int]: ...
    async def open_keys(self) -> list[str]: ...
    async def merged_into(self, key: str) -> list[Ticket]: ...
    async def with_parties(
        self, ticket_ids: Collection[int]
    ) -> list[tuple[Ticket, Client, Agreement]]: ...


class Clocks(Protocol):
    """The computed clocks of tickets, and their recorded breaches."""

    async def put(self, ticket_id: int, computed: Sequence[Clock]) -> None: ...
    async def of(self, ticket_id: int) -> list[ClockRow]: ...
    async def of_each(self, ticket_ids: Collection[int]) -> dict[int, list[ClockRow]]: ...
    async def record_breach(
        self, ticket_id: int, clock: str, breached_at: datetime, noticed_at: datetime
    ) -> None: ...
    async def correct_breach(self, ticket_id: int, clock: str, breached_at: datetime) -> None: ...
    async def withdraw_breach(self, ticket_id: int, clock: str) -> None: ...
    async def unreported(self) -> list[tuple[int, str]]: ...
    async def take_unreported(self, now: datetime) -> list[tuple[int, str]]: ...
    async def late(self) -> list[tuple[int, str]]: ...
    async def at_risk(self, before: datetime) -> list[tuple[int, str]]: ...
    async def pressing(self, now: datetime) -> list[int]: ...
    async def breached(self, start: datetime, end: datetime) -> list[tuple[int, str]]: ...
    async def causes(self, start: datetime, end: datetime) -> dict[str, int]: ...
    async def judged(self, start: datetime, end: datetime) -> list[tuple[int, Judged]]: ...


class Timers(Protocol):
    """Timers of escalation steps, snoozes, statements and the digest."""

    async def arm(
        self, ticket_id: int, wanted: Collection[tuple[str, Rung]], there: Collection[Timer]
    ) -> None: ...
    async def add(self, ticket_id: int, wanted: Collection[tuple[str, Rung]]) -> None: ...
    async def hold(
        self, ticket_id: int, clocks: Collection[str], until: datetime, now: datetime
    ) -> None: ...
    async def of_each(self, ticket_ids: Collection[int]) -> dict[int, list[Timer]]: ...
    async def held(self, since: datetime) -> list[tuple[int, str]]: ...
    async def wake(self, ticket_id: int, at: datetime | None) -> None: ...
    async def arm_books(self, client_id: int, due_at: datetime) -> None: ...
    async def armed_books(self) -> set[int]: ...
    async def arm_digest(self, due_at: datetime) -> None: ...
    async def digest_due(self) -> datetime | None: ...
    async def claim(self, now: datetime, limit: int, skip: int = 0) -> list[Timer]: ...
    async def next_due(self) -> datetime | None: ...


class History(Protocol):
    """The append-only history of tickets."""

    async def append(self, events: Iterable[Event]) -> None: ...
    async def of(self, ticket_id: int) -> list[Event]: ...
    async def recorded_to(self, client_id: int) -> int: ...
    async def recorded_after(self, client_id: int, line_id: int) -> list[Event]: ...


class Messages(Protocol):
    """Recorded messages of clients' channels, and the ticket that each belongs to."""

    async def record(self, message: ChannelMessage, received_at: datetime) -> bool: ...
    async def settle(
        self, message: ChannelMessage, side: Side, ticket_id: int | None, because: str
    ) -> None: ...
    async def ticket_of(self, channel_id: str, ts: str) -> int | None: ...
    async def of_staff(self, channel_id: str, thread_ts: str, since_ts: str) -> list[Written]: ...
    async def join(self, channel_id: str, ts: str, ticket_id: int) -> None: ...
    async def joined_near(
        self, channel_id: str, user_id: str, since_ts: str, ts: str, until_ts: str
    ) -> int | None: ...


class Wordings(Protocol):
    """The texts of recorded messages, as last edited."""

    async def current(self, channel_id: str, ts: str) -> OnRecord | None: ...
    async def of_ticket(
        self, ticket_id: int, user_id: str, since_ts: str, until_ts: str
    ) -> list[OnRecord]: ...
    async def keep(self, message: ChannelMessage, since_ts: str) -> None: ...
    async def reword(self, message: ChannelMessage, since_ts: str) -> None: ...
    async def erase(self, channel_id: str, ts: str, deleted_at: datetime) -> None: ...


class Backfill(Protocol):
    """How far Slack's history of each channel has been compared with the recorded messages."""

    async def claim(self, read_before: datetime) -> list[str]: ...
    async def read_until(self, channel_id: str) -> datetime | None: ...
    async def move(self, channel_id: str, read_until: datetime) -> None: ...
    async def threads(self, channel_id: str, resolved_since: datetime) -> list[str]: ...
    async def kept(self, channel_id: str, since_ts: str, roots: Collection[str]) -> list[Kept]: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery from Slack.

    `key` identifies repeated deliveries; `lane` is the channel it concerns.
    """

    key: str
    lane: str
    body: Json


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored delivery, unchanged.

    `lane` is its channel: deliveries in a lane are processed in order.
    """

    id: int
    lane: str
    body: Json
    attempts: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that was given up.

    `outcome` states the number of attempts and the reference of the error in the log.
    """

    id: int
    lane: str
    at: datetime
    outcome: str


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed message of the outbox.

    `doubtful` is true if an earlier attempt may have reached Slack. `claim` numbers the claims of
    this message: an outcome is stored only while its claim is the latest. `mark` is hidden metadata
    of the message in Slack. It is not the key, because a client's apps may read it and the key
    contains ticket numbers that run over all clients.
    """

    id: int
    claim: int
    mark: str
    message: Outgoing
    created_at: datetime
    lease_until: datetime  # from then on another worker may claim it
    attempts: int
    doubtful: bool
    looked: int  # failed look-ups of a doubtful message
    thread_ts: str | None
    sent_channel: str | None  # its channel in Slack, once it is sent
    sent_ts: str | None


class Inbox(Protocol):
    """Deliveries from Slack that wait to be processed."""

    async def put(self, *deliveries: Delivery) -> None: ...
    async def put_missed(self, delivery: Delivery) -> bool: ...
    async def waiting(self, limit: int) -> list[InboxRow]: ...
    async def claim(self, limit: int) -> list[InboxRow]: ...
    async def done(self, *outcomes: tuple[int, str]) -> None: ...
    async def park(self, row_id: int, outcome: str) -> None: ...
    async def parked(self) -> list[Parked]: ...
    async def take_up(self, row_id: int) -> bool: ...
    async def again(self, row_id: int, not_before: datetime) -> None: ...


class Outbox(Protocol):
    """Messages that wait to be sent to Slack or to a pager."""

    async def say(self, *messages: Outgoing) -> None: ...
    async def refresh(self, *keys: str) -> None: ...
    async def is_ready(self, resting: Collection[str]) -> bool: ...
    async def claim(
        self, lease_until: datetime, resting: Collection[str], limit: int
    ) -> list[OutboxRow]: ...
    async def has_pages(self) -> bool: ...
    async def claim_pages(self, lease_until: datetime, limit: int) -> list[OutboxRow]: ...
    async def sent(self, row: OutboxRow, channel: str, ts: str) -> bool: ...
    async def nothing_to_say(self, row: OutboxRow) -> bool: ...
    async def doubt(self, row: OutboxRow, not_before: datetime, error: str) -> bool: ...
    async def not_found(self, row: OutboxRow, not_before: datetime) -> bool: ...
    async def again(self, row: OutboxRow, not_before: datetime, error: str) -> bool: ...
    async def failed(self, row: OutboxRow, error: str) -> bool: ...
    async def place(self, key: str) -> tuple[str, str] | None: ...
    async def take_up(self, errors: Collection[str], channel: str | None = None) -> None: ...
    async def release_leases(self) -> None: ...
    async def backlog(self) -> int: ...


class Homes(Protocol):
    """Who has opened the App Home, and whether there is anything new to show there."""

    async def opened(self, user_id: str) -> None: ...
    async def since(self, instant: datetime) -> list[str]: ...
    async def mark(self) -> tuple[Any, ...]: ...


class Periods(Protocol):
    """Marks of work that is done only once in a period, such as a notice."""

    async def begin(self, kind: str, subject: str, period: str, now: datetime) -> bool: ...
    async def begin_each(self, kind: str, subjects: Sequence[str], now: datetime) -> set[str]: ...
    async def say_in(self, kind: str, subjects: Sequence[str], message: str) -> None: ...
    async def said_in(self, kind: str, subjects: Sequence[str]) -> dict[str, str]: ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """The numbers of waiting rows, and since when the oldest row could have been processed."""

    deliveries: int
    delivered_at: datetime | None
    owed: int
    owed_since: datetime | None
    due: int
    due_at: datetime | None


class Vitals(Protocol):
    """Health of the database: a test write, and the backlog."""

    async def pulse(self) -> None: ...
    async def backlog(self) -> Backlog: ...


class Audit(Protocol):
    """Queries of the audit."""

    async def begin(self) -> bool: ...
    async def unarmed(self, limit: int) -> list[int]: ...
    async def open_tickets(self, after: int, limit: int) -> list[int]: ...
    async def waiting(self, since: datetime, limit: int) -> list[Waiting]: ...


class Statements(Protocol):
    """Statements of billing periods, as written."""

    async def put(
        self, client_id: int, period: Period, issued_at: datetime, body: Json
    ) -> None: ...
    async def of(self, client_id: int) -> list[Json]: ...


class Duties(Protocol):
    """Completed recurring tasks."""

    async def mark(
        self, client_id: int, duty: str, last: date, actor: str, *, done: bool
    ) -> None: ...
    async def done(self, client_id: int) -> dict[tuple[str, date], str]: ...


class Subscriptions(Protocol):
    """Channels that receive a digest of a single client or plan."""

    async def add(self, channel_id: str, subject: str, by: str) -> bool: ...
    async def end(self, channel_id: str) -> None: ...
    async def all(self) -> list[tuple[str, str]]: ...


class CatalogVersions(Protocol):
    """Recorded versions of catalogue files."""

    async def record(self, name: str, digest: str, text: str, now: datetime) -> int: ...
    async def in_force(self, name: str, instant: datetime) -> int: ...
    async def text(self, version_id: int) -> tuple[str, str]: ...


class Work(Protocol):
    """A transaction on the store, with all its repositories.

    Only the code that opened it commits it.
    """

    @property
    def clients(self) -> Clients: ...
    @property
    def channels(self) -> Channels: ...
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
    def wordings(self) -> Wordings: ...
    @property
    def backfill(self) -> Backfill: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def homes(self) -> Homes: ...
    @property
    def periods(self) -> Periods: ...
    @property
    def statements(self) -> Statements: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def catalogs(self) -> CatalogVersions: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def vitals(self) -> Vitals: ...
