"""Verification of statements: each is recounted from the history as it was known when it was
issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from bot.domain.agreements.statement import Adjustment, Difference, EntryKind, Line, Statement
from bot.domain.operations.client import Client
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import ChangeEvent, NoteEvent, Opened
from bot.usecases.access import client_by_key
from bot.usecases.agreements.billing_periods import recounted, stated
from bot.usecases.desk import Desk

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verified:
    """A statement, with its differences from the history."""

    statement: Statement
    differences: tuple[Difference, ...]


async def statements_of(desk: Desk, key: str | None = None) -> list[tuple[Client, Statement]]:
    """Return the statements of a client or of all clients, oldest first.

    Raises Refusal if there is no client with key `key`.
    """
    clients = [await client_by_key(desk, key)] if key else await desk.work.clients.all()
    return [
        (client, statement) for client in clients for statement in await stated(desk, client.id)
    ]


async def verify(desk: Desk, key: str | None = None) -> list[Verified]:
    """Recount every closed period of a client or of all clients. Raises Refusal for an unknown
    key."""
    verified, before = [], dict[int, list[Statement]]()
    for client, statement in await statements_of(desk, key):
        earlier = before.setdefault(client.id, [])
        tickets = await _tickets_as_known(desk, client, statement.recorded_to)
        again = await recounted(
            desk,
            client,
            statement.period,
            earlier,
            [ticket for ticket in tickets if ticket.opened_at < statement.period.end],
            issued_at=statement.issued_at,
        )
        verified.append(Verified(statement, tuple(_differences(statement, again))))
        earlier.append(statement)
    return verified


async def _tickets_as_known(desk: Desk, client: Client, recorded_to: int) -> list[Ticket]:
    """Return a client's tickets as they stood at the event `recorded_to` of the history.

    Later events are undone, the latest first.
    """
    tickets: dict[int, Ticket] = {
        ticket.id: ticket for ticket in await desk.work.tickets.of_client(client.id, _FOREVER)
    }
    for recorded in await desk.work.history.recorded_after(client.id, recorded_to):
        ticket_id, event = recorded.ticket_id, recorded.event
        if isinstance(event, Opened):
            del tickets[ticket_id]
        elif isinstance(event, ChangeEvent):
            tickets[ticket_id] = event.changes.undone(tickets[ticket_id])
        elif not isinstance(event, NoteEvent):
            assert_never(event)
    return sorted(tickets.values(), key=lambda ticket: ticket.id)


def _differences(stated: Statement, again: Statement) -> list[Difference]:
    """Return each line or adjustment whose amount differs."""
    differences = []
    for kind, on_record, counted in (
        (EntryKind.LINE, _by_key(stated.lines), _by_key(again.lines)),
        (EntryKind.ADJUSTMENT, _by_key(stated.adjustments), _by_key(again.adjustments)),
    ):
        for key in sorted(on_record.keys() | counted.keys()):
            if _amount_fields(on_record.get(key)) != _amount_fields(counted.get(key)):
                differences.append(Difference(key, kind, on_record.get(key), counted.get(key)))
    return differences


def _by_key(lines: Sequence[Line | Adjustment]) -> dict[str, Line | Adjustment]:
    """Return the lines or adjustments by the key of their ticket."""
    return {line.key: line for line in lines}


def _amount_fields(entry: Line | Adjustment | None) -> object:
    """Return the fields of a line or adjustment that decide its amount."""
    if isinstance(entry, Line):
        return entry.position, entry.included, entry.price, bool(entry.waived)
    return entry and (entry.counted, entry.was, entry.now)
