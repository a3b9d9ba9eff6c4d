"""Reads the store by the judge's own SQL."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Table = dict[str, Any]
Ask = Callable[[str], Awaitable[list[tuple[Any, ...]]]]

_COLUMNS = {
    "tickets": (
        "tickets.id, clients.key AS client, tickets.key, number, tickets.channel_id, thread_ts,"
        " summary, severity, state, assignee, opened_at, first_response_at, waiting_since"
    ),
    "clients": "id, key",
    "statements": "client_id, period_start, period_end",
    "messages": "channel_id, ts, ticket_id, because",
    "inbox": "key, done_at, outcome",
    "outbox": "key, mark, state, error, sent_channel, sent_ts",
    "timers": "kind, ticket_id, client_id, clock, step, due_at, fired_at",
    "clocks": "ticket_id, metric, number, due_at, stops_at, breached_at",
}
_JOINED = {"tickets": "tickets JOIN clients ON clients.id = tickets.client_id"}


@dataclass
class Stored:
    tickets: list[Table]
    clients: list[Table]
    statements: list[Table]
    messages: list[Table]
    inbox: list[Table]
    outbox: list[Table]
    timers: list[Table]
    clocks: list[Table]


async def stored(ask: Ask) -> Stored:
    """Read all tables; instants are aware datetimes."""
    return Stored(**{name: await _table(ask, name) for name in _COLUMNS})


async def _table(ask: Ask, name: str) -> list[Table]:
    columns = _COLUMNS[name]
    names = [column.split(".")[-1].split(" ")[-1] for column in columns.split(", ")]
    query = f"SELECT {columns} FROM {_JOINED.get(name, name)}"  # noqa: S608 (no user input)
    rows = await ask(query)
    return [
        {key: _plain(key, value) for key, value in zip(names, row, strict=True)} for row in rows
    ]


def _plain(name: str, value: Any) -> Any:
    is_instant = name.endswith(("_at", "_since", "_start", "_end")) and value is not None
    return EPOCH + timedelta(microseconds=value) if is_instant else value
