"""`deskbell statement`: print and verify the statements of billing periods."""

import json
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.sentence import REFUSED, leave
from bot.cli.session import at_the_desk
from bot.domain.agreements.statement import Statement

statement = typer.Typer(no_args_is_help=True, help="Print and verify the statements.")

Key = Annotated[str | None, typer.Argument(help="A client's key; default: all.")]


class Form(StrEnum):
    """The output format of a statement."""

    JSON = "json"
    CSV = "csv"
    STRIPE = "stripe"


@statement.command("list")
def list_statements(
    client: Key = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """List the statements, oldest first."""
    from bot.views.agreements.statement_export import heading

    for issued in _statements(client):
        line = heading(issued)
        words = "  ".join("–" if value is None else str(value) for value in line.values())
        typer.echo(json.dumps(line) if as_json else words)


@statement.command()
def show(
    client: Annotated[str, typer.Argument(help="A client's key.")],
    period: Annotated[
        str | None, typer.Option(help="The first day of a period, 2026-03-01; default: the last.")
    ] = None,
    form: Annotated[
        Form, typer.Option("--as", help="json, csv, or stripe: invoice items, an object a line.")
    ] = Form.JSON,
    customer: Annotated[
        str | None, typer.Option(help="The customer of the invoice items in Stripe (cus_…).")
    ] = None,
) -> None:
    """Print one statement whole."""
    from bot.views.agreements.statement_export import as_csv, as_json, first_day, invoice_items

    matching = [issued for issued in _statements(client) if period in {None, first_day(issued)}]
    if not matching:
        leave(f"There is no such statement of {client}: `deskbell statement list` says.", REFUSED)
    match form:
        case Form.CSV:
            typer.echo(as_csv(matching[-1]), nl=False)
        case Form.STRIPE:
            if not customer:
                leave("Say whose invoice items they are: --customer cus_….", REFUSED)
            for item in invoice_items(matching[-1], customer):
                typer.echo(json.dumps(item))
        case Form.JSON:
            typer.echo(json.dumps(as_json(matching[-1])))


@statement.command()
def verify(client: Key = None) -> None:
    """Recount each closed period from the history and say where a statement differs."""
    from bot.usecases.agreements import verify_statements as verifying
    from bot.views.agreements.statement_export import first_day
    from bot.views.agreements.statements import difference_text

    checked = at_the_desk(lambda desk: verifying.verify(desk, client))
    faulty = [check for check in checked if check.differences]
    for check in faulty:
        for difference in check.differences:
            typer.echo(
                f"{check.statement.client_key} {first_day(check.statement)}:"
                f" {difference_text(difference)}"
            )
    if faulty:
        leave(
            f"{len(faulty)} of {len(checked)} statements are not what the history gives.", REFUSED
        )
    typer.echo(f"{len(checked)} statements are what the history gives.")


def _statements(client: str | None) -> list[Statement]:
    from bot.usecases.agreements import verify_statements as verifying

    return [issued for _, issued in at_the_desk(lambda desk: verifying.statements_of(desk, client))]
