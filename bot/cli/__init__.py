"""The command line: `deskbell`, also `python -m bot`."""

from typing import Annotated

import typer

from bot.cli.agreements.catalog import catalog
from bot.cli.agreements.plan import plan
from bot.cli.agreements.statement import statement
from bot.cli.operations.client import client
from bot.cli.operations.inbox import inbox
from bot.cli.operations.staff import staff
from bot.cli.reports.export import export
from bot.cli.sla.sla import sla

app = typer.Typer(
    name="deskbell",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A support desk inside Slack that keeps the promises in your support plans.",
)
app.add_typer(sla, name="sla")
app.add_typer(catalog, name="catalog")
app.add_typer(client, name="client")
app.add_typer(staff, name="staff")
app.add_typer(plan, name="plan")
app.add_typer(statement, name="statement")
app.add_typer(export, name="export")
app.add_typer(inbox, name="inbox")


@app.command()
def run() -> None:
    """Serve the desk, with the settings of the environment and of .env, until interrupted."""
    from bot.cli.operations.run import run_until_stopped

    run_until_stopped()


@app.command()
def demo(
    database: Annotated[
        str | None, typer.Option(help="Where to keep the demo's SQLite file; default: a new one.")
    ] = None,
) -> None:
    """Watch one busy day and the next morning, without a Slack account and without a network."""
    from bot.demo import play

    raise typer.Exit(play(database))


@app.command()
def manifest() -> None:
    """Print the manifest to create the Slack app from."""
    import json

    from bot.cli.operations.manifest import app_manifest

    typer.echo(json.dumps(app_manifest(), indent=2))
