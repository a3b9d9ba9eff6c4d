"""What the database says: the file read with SQL of its own, past the desk's use-cases."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


@dataclass(frozen=True, slots=True)
class Said:
    """A message that the desk owed, and where it stands in Slack, once it does."""

    key: str
    state: str
    sent_channel: str | None
    sent_ts: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as it stands in the file. Instants are microseconds since 1970 UTC."""

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
    catalog: str  # the TOML of the version that the ticket is pinned to

    @property
    def plan(self) -> str:
        """The plan's name."""
        return str(tomllib.loads(self.catalog)["plans"][self.plan_id]["name"])

    @property
    def severity_label(self) -> str:
        severities = tomllib.loads(self.catalog)["severities"]
        return str(severities[self.severity]["label"]) if self.severity else "not chosen"

    @property
    def month(self) -> tuple[int, int]:
        """Year and month of the opening, in the plan's zone."""
        zone = ZoneInfo(tomllib.loads(self.catalog)["zone"])
        local = instant(self.opened_at).astimezone(zone)
        return local.year, local.month

    @property
    def quota(self) -> tuple[int, str] | None:
        """How many tickets a month are included, and the price of each beyond, as the catalogue
        writes it ("USD 25.00"); None where they are unlimited."""
        quota = tomllib.loads(self.catalog)["plans"][self.plan_id]["quota"]
        return None if quota["included"] == "unlimited" else (quota["included"], quota["overage"])


def lines_of(database: Path) -> list[Line]:
    """Every ticket of a closed database, by time of opening."""
    with _opened(database) as connection:
        return [Line(**row) for row in connection.execute(_TICKETS)]


def messages_of(database: Path) -> list[Said]:
    """Every message that the desk ever owed."""
    with _opened(database) as connection:
        return [Said(**row) for row in connection.execute(_MESSAGES)]


def instant(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


@contextmanager
def _opened(database: Path) -> Iterator[sqlite3.Connection]:
    """Read-only, and `immutable` so that looking leaves no files beside it."""
    address = f"{database.resolve().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True)
    connection.row_factory = lambda cursor, row: dict(
        zip((column[0] for column in cursor.description), row, strict=True)
    )
    try:
        yield connection
    finally:
        connection.close()
