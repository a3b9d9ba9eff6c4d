"""Tables of tickets and their history."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.columns import Instant, RowId, SlackTs, metadata

tickets = Table(
    "tickets",
    metadata,
    Column("id", RowId, primary_key=True),
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
    Column("thread_ts", SlackTs),
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

# These columns hold "" where the ticket has None.
NONE_IF_EMPTY = ("resolution", "fault", "cause", "cause_words", "waived")


events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("ticket_id", ForeignKey("tickets.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    # "staff", "client", "operator" or "system"; the last two have "" as `actor`.
    Column("actor_kind", Text, nullable=False, server_default="client"),
    Index("ix_events_ticket_id", "ticket_id"),
)
