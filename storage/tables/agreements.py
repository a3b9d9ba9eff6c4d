"""Tables of catalogues, agreements, statements, and recurring tasks."""

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

catalog_versions = Table(
    "catalog_versions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("name", "digest"),
)


# When each catalogue version came into force; returning to an older version adds a row.
catalogs_in_force = Table(
    "catalogs_in_force",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("version_id", ForeignKey("catalog_versions.id"), nullable=False),
    Column("since", Instant, nullable=False),
)


agreements = Table(
    "agreements",
    metadata,
    Column("id", RowId, primary_key=True),
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


# The statement of each billing period, written once after its end.
statements = Table(
    "statements",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=False),
    Column("period_start", Instant, nullable=False),
    Column("period_end", Instant, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("client_id", "period_start"),
)


# Marks of recurring tasks by staff; the last mark of a task is valid.
duty_marks = Table(
    "duty_marks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("client_id", RowId, ForeignKey("clients.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("last_day", Text, nullable=False),  # last day of the term, as 2026-06-30
    Column("done", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Index("ix_duty_marks_client_id", "client_id", "id"),
)
