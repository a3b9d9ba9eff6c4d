"""Table of timers."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from storage.tables.columns import Instant, RowId, metadata

timers = Table(
    "timers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("ticket_id", ForeignKey("tickets.id")),
    Column("clock", Text),
    Column("step", Text),
    Column("fired_at", Instant),
    Column("held_until", Instant),  # outside the readers' hours: until when
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
