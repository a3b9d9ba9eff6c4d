"""Tables of clients, staff, the inbox, the outbox, and idempotency keys."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, text

from storage.tables.columns import Instant, RowId, SentTs, SlackTs, metadata

clients = Table(
    "clients",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("channel_id", Text, unique=True),
    Column("join_minutes", Integer, nullable=False),
    Column("intake", Text, nullable=False, server_default="every"),
    Column("last_number", Integer, nullable=False),
)


# Slack changes a channel's id when sharing begins or ends; the former ids are kept,
# because events with a former id may arrive late.
former_channels = Table(
    "former_channels",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("became", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
)


staff = Table(
    "staff",
    metadata,
    Column("user_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("away_until", Instant),
    Column("cover", Text),
    Column("hours", Text, nullable=False, server_default=""),  # "Mon-Fri 09:00-18:00"; "": any time
    Column("zone", Text, nullable=False, server_default=""),  # time zone of the hours
    Column("by_group", Boolean, nullable=False, server_default=text("false")),
)


inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
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
    Column("id", RowId, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("mark", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("thread_ts", SlackTs),
    Column("under", Text),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("facts", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("owed_since", Instant),  # pending since then; for a sent row: when it was sent
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
    Column("sent_ts", SentTs),
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


periods = Table(
    "periods",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("said_in", Text),  # key of the message that reports it, if not the subject
)
