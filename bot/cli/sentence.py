"""Exit codes of commands, and the way in which a command reports a refusal."""

from typing import NoReturn

import typer

REFUSED = 1
USAGE = 2


def leave(sentence: str, code: int) -> NoReturn:
    """Print the sentence to standard error and end the command with the exit code."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
