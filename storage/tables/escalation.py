"""Table of timers."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from storage.tables.columns import Instant, RowId, metadata


def _partial_index(name: str, columns: tuple[str, ...], condition: str) -> Index:
    where = text(condition)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


timers = Table(
    "timers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("kind", Text, nullable=False, server_default="ladder"),
    Column("ticket_id", ForeignKey("tickets.id")),  # of a ladder or a snooze
    Column("client_id", ForeignKey("clients.id")),  # of billing
    Column("clock", Text),  # of a ladder, as `step` and `held_until` are
    Column("step", Text),
    Column("fired_at", Instant),
    Column("held_until", Instant),  # if the ping was held: when its readers' hours begin
    _partial_index("ix_timers_waiting", ("due_at",), "fired_at IS NULL"),
    Index("ix_timers_ticket_id", "ticket_id"),
    _partial_index("ix_timers_held", ("due_at",), "step = 'held'"),
    _partial_index(
        "ix_timers_without_ticket",
        ("kind", "client_id"),
        "ticket_id IS NULL AND fired_at IS NULL",
    ),
)
