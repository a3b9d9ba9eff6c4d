"""Measures the managers' digest over a million tickets."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.runtime import open_runtime
from bot.time_source import ManualTimeSource
from bot.usecases.reports.digest import figures_now
from tests.bench.timers import CLIENTS, EPOCH, MONDAY, furnish, microseconds, settings

YEARS = timedelta(days=3 * 365)  # the span over which the tickets were opened


def add_history(path: Path, count: int) -> None:
    """Add `count` resolved tickets, spread over years, with their messages, history and fired
    timers. A fiftieth of them was answered late.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("tickets", "clocks", "timers", "events"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            wanted = "SELECT * FROM {} WHERE {} <= ?".format(  # noqa: S608 (no user input)
                table, "id" if table == "tickets" else "ticket_id"
            )
            rows = connection.execute(wanted, (CLIENTS,)).fetchall()
            last = connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0]  # noqa: S608
            copies = _aged_rows(table, columns, rows, last, count)
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", copies)  # noqa: S608
        connection.execute("UPDATE clients SET last_number = last_number + ?", (count,))
        connection.execute("ANALYZE")


_INSTANTS = ("opened_at", "begins_at", "starts_at", "due_at", "warn_at", "breach_at", "at")
_HOUR = microseconds(EPOCH + timedelta(hours=1))


def _aged_rows(
    table: str, columns: list[str], rows: list[tuple[Any, ...]], last: int, count: int
) -> Iterator[list[Any]]:
    ticket = columns.index("id" if table == "tickets" else "ticket_id")
    by_ticket: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_ticket.setdefault(row[ticket], []).append(dict(zip(columns, row, strict=True)))
    step = microseconds(EPOCH + YEARS / count)
    for copy in range(CLIENTS, count):
        for original in by_ticket[copy % CLIENTS + 1]:
            last += 1
            sooner = {
                name: original[name] - copy * step
                for name in _INSTANTS
                if original.get(name) is not None
            }
            yield list(
                _ended_row(table, original | sooner, copy, late=copy % 50 == 0, own=last).values()
            )


def _ended_row(
    table: str, row: dict[str, Any], copy: int, *, late: bool, own: int
) -> dict[str, Any]:
    """Return a ticket's row, answered after an hour or, if `late`, after five hours."""
    took = 5 * _HOUR if late else _HOUR
    if table == "tickets":
        number, answered = copy // CLIENTS + 1, row["opened_at"] + took
        named = {"id": own, "number": number, "key": f"K{copy % CLIENTS}-{number}"}
        ended = {"state": "resolved", "resolved_at": answered, "first_response_at": answered}
        return row | named | ended
    row |= {"id": own, "ticket_id": copy + 1}
    if table == "timers":
        return row | {"fired_at": row["due_at"]}
    if table == "clocks":
        broken = ("breached_at", "noticed_at", "reported_at") if late else ()
        return row | {"stops_at": row["begins_at"] + took} | dict.fromkeys(broken, row["due_at"])
    return row


async def digest_of(directory: Path, count: int, say: Callable[[str], None]) -> tuple[float, int]:
    """Return the seconds to gather a digest, the best of three, and the number of tickets."""
    clock = ManualTimeSource(MONDAY)
    await furnish(directory, clock)
    say(f"{count:,} tickets are written …")
    add_history(directory / "desk.db", count)
    clock.advance(timedelta(hours=1))
    best, judged = float("inf"), 0
    async with open_runtime(settings(directory), clock) as opened:
        for _ in range(3):
            begun = time.perf_counter()
            async with opened.read() as desk:
                digest = await figures_now(desk)
            best = min(best, time.perf_counter() - begun)
            judged = sum(line.total for line in digest.attainment if line.days == 30)
    return best, judged
