"""`deskbell catalog`: is a catalogue right, and what does it say?"""

import json
from typing import Annotated

import typer
from rich.console import Console

from bot.catalog_file import load_catalog
from bot.cli.catalog_json import catalog_json
from bot.cli.catalog_table import show_catalog
from bot.cli.sentence import USAGE, leave
from bot.domain.calendar_words import count_words
from bot.domain.plan import Catalog
from bot.errors import ConfigurationError

catalog = typer.Typer(no_args_is_help=True, help="Check and show catalogues of plans.")


@catalog.callback()
def _group() -> None:
    """Check and show catalogues of plans."""


@catalog.command()
def check(file: Annotated[str, typer.Argument(help="A catalogue file.")]) -> None:
    """Name every fault of a catalogue file."""
    found = _load(file)
    typer.echo(f"{file}: {count_words(len(found.plans), 'plan')}, no faults.")


@catalog.command()
def show(
    name: Annotated[str, typer.Argument(help="ecosire, ecotone or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a catalogue's plans side by side."""
    found = _load(name)
    if as_json:
        typer.echo(json.dumps(catalog_json(found), indent=2, ensure_ascii=False))
        return
    show_catalog(found, Console())


def _load(name: str) -> Catalog:
    try:
        return load_catalog(name)
    except ConfigurationError as error:
        leave(str(error), USAGE)
