"""`deskbell client`: add, list and show clients."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import at_the_desk
from bot.cli.text_file import text_of

client = typer.Typer(no_args_is_help=True, help="Add and list the clients.")


@client.command()
def add(
    *,
    name: Annotated[str, typer.Option(help="The client's name as people know it.")],
    key: Annotated[str, typer.Option(help="Begins its ticket keys: ACME makes ACME-1.")],
    plan: Annotated[str, typer.Option(help="A plan of the catalogue: standard.")],
    channel: Annotated[
        str | None, typer.Option(help="The client's Slack channel, by ID (C…).")
    ] = None,
    engineer: Annotated[
        str | None, typer.Option(help="The named account engineer, by Slack user ID (U…).")
    ] = None,
    backup: Annotated[
        str | None, typer.Option(help="Who stands in for the named engineer (U…).")
    ] = None,
    terms: Annotated[
        Path | None,
        typer.Option(
            help="A TOML file of what the agreement says otherwise than the plan"
            " (docs/catalogues.md)."
        ),
    ] = None,
    cycle_day: Annotated[
        int, typer.Option(min=1, max=31, help="The day on which its billing months begin.")
    ] = 1,
) -> None:
    """Add a client; its agreement is in force from now on."""
    from bot.usecases.operations.setup import NewClient, add_client

    own_terms = text_of(terms) if terms else None
    new = NewClient(name, key, plan, channel, engineer, backup, own_terms, cycle_day)
    added = at_the_desk(lambda desk: add_client(desk, new))
    where = f" Invite the bot to {added.channel_id}." if added.channel_id else ""
    typer.echo(
        f"{added.name} is a client: its tickets will be {added.key}-1, {added.key}-2, ….{where}"
    )


@client.command("list")
def list_clients(
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """List the clients with their plans."""
    from bot.usecases.operations.show_clients import client_lines

    for line in at_the_desk(client_lines):
        typer.echo(json.dumps(line) if as_json else _words(line))


@client.command()
def show(
    key: Annotated[str, typer.Argument(help="The client's key.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one object.")] = False,
) -> None:
    """Show a client: what is agreed with it, what is planned, and what it has used."""
    from bot.usecases.operations.show_clients import client_shown
    from bot.views.operations.client_json import client_json

    shown = client_json(*at_the_desk(lambda desk: client_shown(desk, key)))
    if as_json:
        typer.echo(json.dumps(shown))
        return
    for name, value in shown.items():
        if name != "agreements":
            typer.echo(f"{name.replace('_', ' ')}: {'–' if value is None else value}")
    for agreement in shown["agreements"]:
        ends = f", until {agreement['ends_at']}" if agreement["ends_at"] else ""
        back = ", taken back" if agreement["withdrawn_at"] else ""
        typer.echo(
            f"  from {agreement['in_force_from']}: {agreement['plan'] or 'no plan'}{ends}{back}"
        )


def _words(line: Mapping[str, str | bool | None]) -> str:
    shown = {**line, "terms": "own terms" if line["terms"] else None}
    return "  ".join(str(value or "–") for value in shown.values())
