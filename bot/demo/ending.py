"""The table of all tickets at the end of the demo."""

from rich import box
from rich.table import Table
from rich.text import Text

from bot.demo.demo_runner import ZONE
from bot.demo.ledger import TicketRow, instant

BUSY_DAY = 13  # day of August 2026


def summary(rows: list[TicketRow]) -> Table:
    """Return the table with due times, first responses and results. A single row summarizes the
    tickets of the quiet days."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("Ticket", "Plan", "Severity", "Promised", "Answered", "The promise"):
        table.add_column(heading)
    quiet = [row for row in rows if instant(row.opened_at).astimezone(ZONE).day < BUSY_DAY]
    kept = sum(row.breached_at is None for row in quiet)
    table.add_row(
        f"{quiet[0].key} to {quiet[-1].key.rpartition('-')[2]}",
        quiet[0].plan,
        quiet[0].severity_label,
        _span([row.due_at for row in quiet]),
        _span([row.first_response_at for row in quiet]),
        Text(f"{kept} of {len(quiet)} kept", style="green"),
    )
    for row in rows[len(quiet) :]:
        table.add_row(
            row.key,
            row.plan,
            row.severity_label,
            _wall(row.due_at) or "no clock",
            _wall(row.first_response_at) or "not yet",
            _result(row),
        )
    return table


def _span(instants: list[int | None]) -> str:
    """Return the range of days of the instants, which are all in August."""
    days = [
        instant(microseconds).astimezone(ZONE).day
        for microseconds in instants
        if microseconds is not None
    ]
    return f"{min(days)} to {max(days)} Aug"


def _wall(microseconds: int | None) -> str:
    if microseconds is None:
        return ""
    local = instant(microseconds).astimezone(ZONE)
    return f"{local.day} {local:%b, %H:%M}"


def _result(row: TicketRow) -> Text:
    if row.breached_at is not None:
        return Text("breached", style="bold red")
    if row.due_at is None:
        return Text("has no clock")
    return Text("kept", style="green") if row.first_response_at else Text("still running")
