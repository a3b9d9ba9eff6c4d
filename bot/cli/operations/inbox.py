"""`deskbell inbox`: deliveries from Slack that Deskbell could not process."""

import json
from typing import Annotated

import typer

from bot.cli.session import at_the_desk
from bot.usecases.operations import parked_deliveries as parking

inbox = typer.Typer(no_args_is_help=True, help="See and try again what could not be worked.")


@inbox.command()
def parked(
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """List the deliveries that were given up, oldest first."""
    for delivery in at_the_desk(parking.parked):
        line = {
            "id": delivery.id,
            "channel": delivery.lane,
            "at": delivery.at.isoformat(),
            "why": delivery.outcome,
        }
        words = "  ".join(str(value or "–") for value in line.values())
        typer.echo(json.dumps(line) if as_json else words)


@inbox.command()
def retry(
    number: Annotated[int, typer.Argument(help="Its number, as `deskbell inbox parked` says it.")],
) -> None:
    """Let a delivery be worked again, by the Deskbell that runs or by the next one."""
    at_the_desk(lambda desk: parking.retry(desk, number))
    typer.echo(f"Delivery {number} will be worked again.")
