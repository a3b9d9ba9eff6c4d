"""`deskbell plan`: change clients' agreements."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.sentence import REFUSED, USAGE, leave
from bot.cli.session import at_the_desk
from bot.cli.text_file import text_of
from bot.domain.actor import Operator

plan = typer.Typer(no_args_is_help=True, help="Change what clients have bought.")

_DONE = "Done; the client's channel and the managers' are told."
Yes = Annotated[bool, typer.Option("--yes", help="Confirm without being asked.")]
Key = Annotated[str, typer.Argument(help="The client's key.")]


@plan.command()
def change(
    client: Key,
    *,
    plan: Annotated[str | None, typer.Option(help="Another plan: priority.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day of a fixed term: 2026-12-31."),
    ] = None,
    open_ended: Annotated[bool, typer.Option("--open-ended", help="It has no end.")] = False,
    cycle_day: Annotated[
        int | None, typer.Option(help="The day on which its billing months begin: 1 to 31.")
    ] = None,
    engineer: Annotated[
        str | None, typer.Option(help="The named engineer (U…); an empty text for nobody.")
    ] = None,
    backup: Annotated[str | None, typer.Option(help="Who stands in for them (U…).")] = None,
    terms: Annotated[
        Path | None,
        typer.Option(help="A TOML file of what it says otherwise than the plan."),
    ] = None,
    statements: Annotated[
        str | None, typer.Option(help="Who reads statements: managers, or client (both).")
    ] = None,
    yes: Yes = False,
) -> None:
    """Show what a change of an agreement would mean, and make it once it is confirmed."""
    from bot.usecases.agreements.change_agreement import agree
    from bot.usecases.agreements.propose_change import (
        Wanted,
        fingerprint,
        propose,
        removed_if_empty,
    )
    from bot.views.agreements.agreement_changes import proposal_lines

    if statements not in {None, "managers", "client"}:
        leave(f"--statements {statements} is neither managers nor client: choose one.", USAGE)
    wanted = Wanted(
        plan=plan,
        until=_day(until),
        open_ended=open_ended,
        engineer=removed_if_empty(engineer),
        backup=removed_if_empty(backup),
        terms=removed_if_empty(text_of(terms)) if terms else None,
        anchor_day=cycle_day,
        statement_to_client=None if statements is None else statements == "client",
    )
    proposal = at_the_desk(lambda desk: propose(desk, client, wanted))
    _confirm(proposal_lines(proposal), yes)
    shown = fingerprint(proposal)
    at_the_desk(lambda desk: agree(desk, Operator(), client, wanted, shown))
    typer.echo(_DONE)


@plan.command()
def withdraw(client: Key, yes: Yes = False) -> None:
    """Take back a downgrade that is not in force yet, once it is confirmed."""
    from bot.usecases.agreements.change_agreement import downgrade_planned, withdraw_downgrade
    from bot.views.agreements.agreement_changes import taken_back_lines

    downgrade = at_the_desk(lambda desk: downgrade_planned(desk, client))
    _confirm(taken_back_lines(downgrade), yes)
    at_the_desk(lambda desk: withdraw_downgrade(desk, Operator(), client, downgrade.version.id))
    typer.echo(_DONE)


def _confirm(lines: list[str], yes: bool) -> None:
    for line in lines:
        typer.echo(f"  {line.replace('*', '')}")
    if not yes and not typer.confirm("Make this change?"):
        leave("Nothing was changed.", REFUSED)


def _day(until: datetime | None) -> date | None:
    return until.date() if until else None
