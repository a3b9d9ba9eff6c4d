"""`deskbell export`: the desk's data for scripts."""

import json
from typing import Annotated, Any

import typer

from bot.cli.office import at_the_desk
from bot.domain.sheet import TicketSheet
from bot.usecases.reading import all_sheets

export = typer.Typer(no_args_is_help=True, help="Print the desk's data.")


@export.callback()
def _group() -> None:
    """Print the desk's data."""


@export.command()
def tickets(
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """Print every ticket, in the order in which they were opened."""
    for sheet in at_the_desk(all_sheets):
        line = ticket_line(sheet)
        words = "  ".join("–" if value is None else str(value) for value in line.values())
        typer.echo(json.dumps(line) if as_json else words)


def ticket_line(sheet: TicketSheet) -> dict[str, Any]:
    """Return a ticket as JSON data. Instants are ISO 8601 in UTC and end in `Z`."""
    from bot.cli.sla_question import instant_text

    ticket = sheet.ticket
    return {
        "key": ticket.key,
        "client": sheet.client.name,
        "plan": ticket.plan_id,
        "severity": ticket.severity,
        "state": ticket.state.value,
        "opened_at": instant_text(ticket.opened_at),
        "due_at": instant_text(sheet.promise.due_at),
        "first_response_at": instant_text(ticket.first_response_at),
        "breached": sheet.breached_at is not None,
        "assignee": ticket.assignee,
        "counted": ticket.counted,
    }
