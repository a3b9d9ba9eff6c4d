"""The tables. Instants are whole microseconds since 1970 UTC: exact, ordered, the same on both
stores."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else (value - _EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else _EPOCH + timedelta(microseconds=value)


# SQLite numbers rows by itself only where the key is exactly INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)

catalog_versions = Table(
    "catalog_versions",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("name", "digest"),
)

# Which version of a catalogue counts from when on; going back to an older one is one more line.
catalogs_in_force = Table(
    "catalogs_in_force",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("version_id", ForeignKey("catalog_versions.id"), nullable=False),
    Column("since", Instant, nullable=False),
)

clients = Table(
    "clients",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("channel_id", Text, unique=True),
    Column("join_minutes", Integer, nullable=False),
    Column("intake", Text, nullable=False, server_default="every"),
    Column("last_number", Integer, nullable=False),
)

# Slack gives a channel another id when its sharing begins or ends; what it had before stays known,
# for what was delivered under it may come late.
former_channels = Table(
    "former_channels",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("became", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

agreements = Table(
    "agreements",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("catalog", Text, nullable=False),
    Column("plan_id", Text, nullable=False),
    Column("effective_from", Instant, nullable=False),
    Column("engineer", Text),
    Column("backup", Text),
    Column("terms", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="start"),
    Column("zone", Text, nullable=False, server_default="UTC"),
    Column("anchor_day", Integer, nullable=False, server_default="1"),
    Column("ends_at", Instant),
    Column("agreed_at", Instant),
    Column("agreed_by", Text, nullable=False, server_default=""),
    Column("withdrawn_at", Instant),
    Column("statement_to_client", Boolean, nullable=False, server_default=text("false")),
    Index(
        "ix_agreements_in_force",
        "client_id",
        "effective_from",
        unique=True,
        sqlite_where=text("withdrawn_at IS NULL"),
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
)

# What each billing period came to, written once when it had ended.
statements = Table(
    "statements",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("period_start", Instant, nullable=False),
    Column("period_end", Instant, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("client_id", "period_start"),
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("away_until", Instant),
    Column("cover", Text),
    Column("hours", Text, nullable=False, server_default=""),  # "Mon-Fri 09:00-18:00"; "": any
    Column("zone", Text, nullable=False, server_default=""),  # of the hours
    Column("by_group", Boolean, nullable=False, server_default=text("false")),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("agreement_id", ForeignKey("agreements.id"), nullable=False),
    Column("catalog_version_id", ForeignKey("catalog_versions.id"), nullable=False),
    Column("plan_id", Text, nullable=False),
    Column("channel_id", Text),
    Column("thread_ts", Text),
    Column("severity", Text),
    Column("severity_by", Text),
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    Column("counted", Boolean, nullable=False),
    Column("first_response_at", Instant),
    Column("first_response_by", Text),
    Column("resolved_at", Instant),
    Column("resolution", Text, nullable=False),
    Column("rating", Integer),
    Column("waiting_since", Instant),
    Column("snoozed_until", Instant),
    Column("found_at", Instant),
    Column("category", Text),
    Column("merged_into", Text),
    Column("fault", Text, nullable=False, server_default=""),
    Column("cause", Text, nullable=False, server_default=""),
    Column("cause_words", Text, nullable=False, server_default=""),
    Column("taken", Boolean, nullable=False, server_default=text("false")),
    Column("waived", Text, nullable=False, server_default=""),
    UniqueConstraint("client_id", "number"),
    UniqueConstraint("channel_id", "thread_ts"),
    Index("ix_tickets_client_id_opened_at", "client_id", "opened_at"),
    Index(
        "ix_tickets_open",
        "client_id",
        "assignee",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

clocks = Table(
    "clocks",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("metric", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("begins_at", Instant, nullable=False),
    Column("stops_at", Instant),
    Column("cancelled", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("severity", Text),
    Column("starts_at", Instant),
    Column("due_at", Instant),
    Column("warn_at", Instant),
    Column("breach_at", Instant),
    Column("why", JSON, nullable=False),
    Column("breached_at", Instant),
    Column("noticed_at", Instant),
    Column("reported_at", Instant),
    UniqueConstraint("ticket_id", "metric", "number"),
    Index("ix_clocks_due_at", "due_at"),
    Index(
        "ix_clocks_running",
        "due_at",
        sqlite_where=text("stops_at IS NULL"),
        postgresql_where=text("stops_at IS NULL"),
    ),
    Index(
        "ix_clocks_unreported",
        "noticed_at",
        sqlite_where=text("noticed_at IS NOT NULL AND reported_at IS NULL"),
        postgresql_where=text("noticed_at IS NOT NULL AND reported_at IS NULL"),
    ),
)

timers = Table(
    "timers",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("clock", Text),
    Column("step", Text),
    Column("fired_at", Instant),
    Column("held_until", Instant),  # of what came outside the readers' hours: see the row of then
    Index(
        "ix_timers_waiting",
        "due_at",
        sqlite_where=text("fired_at IS NULL"),
        postgresql_where=text("fired_at IS NULL"),
    ),
    Index("ix_timers_ticket_id", "ticket_id"),
    Index(
        "ix_timers_held",
        "due_at",
        sqlite_where=text("step = 'held'"),
        postgresql_where=text("step = 'held'"),
    ),
)

events = Table(
    "events",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    Index("ix_events_ticket_id", "ticket_id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("thread_ts", Text),
    Column("client_msg_id", Text),
    Column("user_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("file_names", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("side", Text),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("because", Text),
    Column("edited_ts", Text),
    Column("deleted_at", Instant),
    UniqueConstraint("channel_id", "ts"),
    UniqueConstraint("channel_id", "client_msg_id"),
    Index("ix_messages_ticket_id", "ticket_id"),
)

# How a message read from `since_ts` on: its own `ts`, then that of each edit. The row in `messages`
# has the newest; only the words of what was deleted leave this table.
wordings = Table(
    "wordings",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("ts", Text, nullable=False),
    Column("since_ts", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("file_names", JSON, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("channel_id", "ts", "since_ts"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("body", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("done_at", Instant),
    Column("outcome", Text),
    Column("parked_at", Instant),
    Index(
        "ix_inbox_waiting",
        "id",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("mark", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", Text),
    Column("under", Text),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("facts", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("owed_since", Instant),  # once it is said: since when it has been so
    Column("state", Text, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("claimed", Integer, nullable=False),
    Column("claims", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False),
    Column("looked", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("lease_until", Instant),
    Column("sent_channel", Text),
    Column("sent_ts", Text),
    Column("error", Text),
    Index(
        "ix_outbox_open",
        "channel",
        "id",
        sqlite_where=text("state IN ('pending', 'sending', 'uncertain')"),
        postgresql_where=text("state IN ('pending', 'sending', 'uncertain')"),
    ),
    Index(
        "ix_outbox_failed",
        "id",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
)

# How far each client's channel has been read in Slack's own history.
backfills = Table(
    "backfills",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("begun_at", Instant),  # the newest reading, by whichever process
    Column("read_until", Instant),  # what Slack had then is kept
)

# Whose App Home is kept up to date, and when they last looked at it.
homes = Table(
    "homes",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("opened_at", Instant, nullable=False),
)

# What staff said of the recurring duties; of several lines about one the last holds.
duty_marks = Table(
    "duty_marks",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("client_id", _Id, ForeignKey("clients.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("last_day", Text, nullable=False),  # of its term, as 2026-06-30
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Index("ix_duty_marks_client_id", "client_id", "id"),
)

# Which channels read a digest of one client or plan besides the managers'.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # a client's key, or a plan's id
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

periods = Table(
    "periods",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("said_in", Text),  # of what is told: the key of the message, where that has another
)
