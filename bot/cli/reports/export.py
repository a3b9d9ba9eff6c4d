"""`deskbell export`: the desk's data for scripts."""

import json
from typing import Annotated

import typer

from bot.cli.session import at_the_desk
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.views.tickets.ticket_json import ticket_line

export = typer.Typer(no_args_is_help=True, help="Print the desk's data.")


@export.callback()
def _group() -> None:
    """Print the desk's data."""


@export.command()
def tickets(
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """Print every ticket, in the order in which they were opened."""
    for ticket_view in at_the_desk(view_all_tickets):
        line = ticket_line(ticket_view)
        words = "  ".join("–" if value is None else str(value) for value in line.values())
        typer.echo(json.dumps(line) if as_json else words)
