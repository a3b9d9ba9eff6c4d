"""Statements held against the history: each is counted again from what was known when it was
written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.client import Client
from bot.domain.statement import Adjustment, Line, Statement
from bot.domain.ticket import Ticket, TicketState
from bot.usecases.books import recounted, stated
from bot.usecases.desk import Desk
from bot.usecases.listing import client_by_key

_FOREVER = datetime.max.replace(tzinfo=UTC)
_MONEY = ("counted", "waived", "fault")  # what of a ticket a statement depends on, beside these:
_STATE, _OPENED = "state", "opened_at"


@dataclass(frozen=True, slots=True)
class Verified:
    """A statement, and a sentence for each place where the history gives another one."""

    statement: Statement
    differences: tuple[str, ...]


async def statements_of(desk: Desk, key: str | None = None) -> list[tuple[Client, Statement]]:
    """The statements of one client or of all, oldest first. Raises Refusal for an unknown key."""
    clients = [await client_by_key(desk, key)] if key else await desk.work.clients.all()
    return [(client, one) for client in clients for one in await stated(desk, client.id)]


async def verify(desk: Desk, key: str | None = None) -> list[Verified]:
    """Recount every closed period of one client or of all."""
    found, before = [], dict[int, list[Statement]]()
    for client, statement in await statements_of(desk, key):
        earlier = before.setdefault(client.id, [])
        tickets = await _as_known(desk, client, statement.recorded_to)
        again = await recounted(
            desk,
            client,
            statement.period,
            earlier,
            [one for one in tickets if one.opened_at < statement.period.end],
            issued_at=statement.issued_at,
        )
        found.append(Verified(statement, tuple(_differences(statement, again))))
        earlier.append(statement)
    return found


async def _as_known(desk: Desk, client: Client, recorded_to: int) -> list[Ticket]:
    """A client's tickets as they stood at a line of its history: what was put on record after it is
    undone, the last first."""
    tickets = {one.id: one for one in await desk.work.tickets.of_client(client.id, _FOREVER)}
    for event in await desk.work.history.recorded_after(client.id, recorded_to):
        if event.kind == "opened":
            del tickets[event.ticket_id]
            continue
        before = {name: event.before[name] for name in _MONEY if name in event.before}
        if _STATE in event.before:
            before[_STATE] = TicketState(event.before[_STATE])
        if _OPENED in event.before:
            before[_OPENED] = datetime.fromisoformat(event.before[_OPENED])
        tickets[event.ticket_id] = replace(tickets[event.ticket_id], **before)
    return sorted(tickets.values(), key=lambda one: one.id)


def _differences(stated: Statement, again: Statement) -> list[str]:
    found = []
    for what, on_record, counted in (
        ("line", _by_key(stated.lines), _by_key(again.lines)),
        ("adjustment", _by_key(stated.adjustments), _by_key(again.adjustments)),
    ):
        for key in sorted(on_record.keys() | counted.keys()):
            if _money(on_record.get(key)) != _money(counted.get(key)):
                says, gives = (_words(one.get(key)) for one in (on_record, counted))
                found.append(f"{key}: its {what} says {says}; the history gives {gives}.")
    return found


def _by_key(lines: Sequence[Line | Adjustment]) -> dict[str, Line | Adjustment]:
    return {one.key: one for one in lines}


def _money(one: Line | Adjustment | None) -> object:
    if isinstance(one, Line):
        return one.position, one.included, one.price, bool(one.waived)
    return one and (one.counted, one.was, one.now)


def _words(one: Line | Adjustment | None) -> str:
    if one is None:
        return "nothing"
    if isinstance(one, Line):
        return f"{one.amount or 'nothing'} at place {one.position}"
    return f"{one.was or 'nothing'}, now {one.now or 'nothing'}"
