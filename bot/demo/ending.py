"""The table at the end."""

from rich import box
from rich.table import Table
from rich.text import Text

from bot.demo.ledger import Line, instant
from bot.demo.theatre import ZONE

BUSY_DAY = 13  # of August


def summary(lines: list[Line]) -> Table:
    """Tickets, promised, answered, kept or breached. The quiet days' tickets are one row."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading in ("Ticket", "Plan", "Severity", "Promised", "Answered", "The promise"):
        table.add_column(heading)
    quiet = [line for line in lines if instant(line.opened_at).astimezone(ZONE).day < BUSY_DAY]
    kept = sum(line.breached_at is None for line in quiet)
    table.add_row(
        f"{quiet[0].key} to {quiet[-1].key.rpartition('-')[2]}",
        quiet[0].plan,
        quiet[0].severity_label,
        _span([line.due_at for line in quiet]),
        _span([line.first_response_at for line in quiet]),
        Text(f"{kept} of {len(quiet)} kept", style="green"),
    )
    for line in lines[len(quiet) :]:
        table.add_row(
            line.key,
            line.plan,
            line.severity_label,
            _wall(line.due_at) or "no clock",
            _wall(line.first_response_at) or "not yet",
            _verdict(line),
        )
    return table


def _span(instants: list[int | None]) -> str:
    """The days from the first to the last of some instants, all in August."""
    days = [instant(one).astimezone(ZONE).day for one in instants if one is not None]
    return f"{min(days)} to {max(days)} Aug"


def _wall(microseconds: int | None) -> str:
    if microseconds is None:
        return ""
    local = instant(microseconds).astimezone(ZONE)
    return f"{local.day} {local:%b, %H:%M}"


def _verdict(line: Line) -> Text:
    if line.breached_at is not None:
        return Text("breached", style="bold red")
    if line.due_at is None:
        return Text("has no clock")
    return Text("kept", style="green") if line.first_response_at else Text("still running")
