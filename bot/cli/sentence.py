"""How a command that cannot do what it was asked to says so."""

from typing import NoReturn

import typer

REFUSED = 1
USAGE = 2


def leave(sentence: str, code: int) -> NoReturn:
    """Says the sentence on standard error and ends the command with the exit code."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
