"""Table of SLA clocks."""

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

from storage.tables.columns import Instant, RowId, metadata

clocks = Table(
    "clocks",
    metadata,
    Column("id", RowId, primary_key=True),
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
