"""The database's contents, read with separate SQL that does not use the desk's own code."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICKETS = """
    SELECT tickets.key, clients.name AS client, tickets.plan_id, tickets.severity, tickets.counted,
           tickets.channel_id, tickets.thread_ts, tickets.opened_at, tickets.first_response_at,
           clocks.due_at, clocks.breached_at, catalog_versions.text AS catalog
    FROM tickets
    JOIN clients ON clients.id = tickets.client_id
    JOIN clocks ON clocks.ticket_id = tickets.id
    JOIN catalog_versions ON catalog_versions.id = tickets.catalog_version_id
    ORDER BY tickets.opened_at, tickets.id
"""
_MESSAGES = "SELECT key, state, sent_channel, sent_ts FROM outbox ORDER BY id"


@cache
def _tables(catalog: str) -> dict[str, Any]:
    """The tables of a catalogue's text."""
    return tomllib.loads(catalog)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A message of the outbox, and its place in Slack once it is sent."""

    key: str
    state: str
    sent_channel: str | None
    sent_ts: str | None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket with its first-response clock. Instants are microseconds since 1970 UTC."""

    key: str
    client: str
    plan_id: str
    severity: str | None
    counted: int
    channel_id: str | None
    thread_ts: str | None
    opened_at: int
    first_response_at: int | None
    due_at: int | None
    breached_at: int | None
    catalog: str  # the TOML of the ticket's catalogue version

    @property
    def plan(self) -> str:
        """Return the plan's name."""
        return str(_tables(self.catalog)["plans"][self.plan_id]["name"])

    @property
    def severity_label(self) -> str:
        severities = _tables(self.catalog)["severities"]
        return str(severities[self.severity]["label"]) if self.severity else "not chosen"

    @property
    def month(self) -> tuple[int, int]:
        """Return the year and month of the opening, in the plan's zone."""
        zone = ZoneInfo(_tables(self.catalog)["zone"])
        local = instant(self.opened_at).astimezone(zone)
        return local.year, local.month

    @property
    def quota(self) -> tuple[int, str] | None:
        """Return the included tickets a month and the price of each further ticket, as the
        catalogue states it ("USD 25.00"). Returns None for an unlimited plan."""
        quota = _tables(self.catalog)["plans"][self.plan_id]["quota"]
        return None if quota["included"] == "unlimited" else (quota["included"], quota["overage"])


def ticket_rows(database: Path) -> list[TicketRow]:
    """Return all tickets of a closed database, in order of opening."""
    with _opened(database) as connection:
        return [TicketRow(**row) for row in connection.execute(_TICKETS)]


def outbox_rows(database: Path) -> list[OutboxRow]:
    """Return all messages of the outbox."""
    with _opened(database) as connection:
        return [OutboxRow(**row) for row in connection.execute(_MESSAGES)]


def instant(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Open the database read-only, and `immutable`, so that SQLite creates no files beside it."""
    address = f"{database.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    connection.row_factory = lambda cursor, row: dict(
        zip((column[0] for column in cursor.description), row, strict=True)
    )
    try:
        yield connection
    finally:
        connection.close()
