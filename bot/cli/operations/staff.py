"""`deskbell staff`: add, remove and list members of staff."""

import json
from typing import Annotated

import typer

from bot.cli.session import at_the_desk
from bot.domain.ids import UserId

staff = typer.Typer(no_args_is_help=True, help="Add, remove and list who works at the desk.")


@staff.command()
def add(
    user: Annotated[str, typer.Argument(help="A Slack user ID (U…).")],
    role: Annotated[str, typer.Option(help="engineer or manager.")] = "engineer",
    name: Annotated[
        str | None, typer.Option(help="As clients read it; default: as in Slack.")
    ] = None,
) -> None:
    """Put a person on the staff list, or change their role."""
    from bot.usecases.operations.setup import add_staff

    member = at_the_desk(lambda desk: add_staff(desk, UserId(user), role, name or None))
    typer.echo(f"{member.user_id} is on the staff list as {member.role}.")


@staff.command()
def remove(user: Annotated[str, typer.Argument(help="A Slack user ID (U…).")]) -> None:
    """Take a person off the staff list."""
    from bot.usecases.operations.setup import remove_staff

    keys = at_the_desk(lambda desk: remove_staff(desk, UserId(user)))
    typer.echo(f"{user} is no longer on the staff list.")
    if keys:
        typer.echo(f"They still have {', '.join(keys)}: give each to somebody (/desk assign KEY).")


@staff.command("list")
def list_staff(
    as_json: Annotated[bool, typer.Option("--json", help="Print one object a line.")] = False,
) -> None:
    """List the staff."""
    for member in at_the_desk(lambda desk: desk.work.staff.all()):
        line = {"user": member.user_id, "role": member.role.value, "name": member.name or ""}
        typer.echo(json.dumps(line) if as_json else "  ".join(v or "–" for v in line.values()))
