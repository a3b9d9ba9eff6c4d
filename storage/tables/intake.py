"""Tables of clients' messages, their edits, and backfill progress."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.tables.columns import Instant, RowId, SlackTs, metadata

messages = Table(
    "messages",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("ts", SlackTs, nullable=False),
    Column("thread_ts", SlackTs),
    Column("client_msg_id", Text),
    Column("user_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("file_names", JSON, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("side", Text),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("because", Text),
    Column("edited_ts", SlackTs),
    Column("deleted_at", Instant),
    UniqueConstraint("channel_id", "ts"),
    UniqueConstraint("channel_id", "client_msg_id"),
    Index("ix_messages_ticket_id", "ticket_id"),
)


# The text of a message from `since_ts` on: its own `ts`, or that of an edit. `messages`
# has the current text. Only the text of deleted messages is erased here.
wordings = Table(
    "wordings",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("channel_id", Text, nullable=False),
    Column("ts", SlackTs, nullable=False),
    Column("since_ts", SlackTs, nullable=False),
    Column("text", Text, nullable=False),
    Column("file_names", JSON, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("channel_id", "ts", "since_ts"),
)


# How far each client's channel was read in Slack's history.
backfills = Table(
    "backfills",
    metadata,
    Column("channel_id", Text, primary_key=True),
    Column("begun_at", Instant),  # start of the newest reading by any process
    Column("read_until", Instant),  # messages up to here are stored
)
