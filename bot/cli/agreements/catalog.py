"""`deskbell catalog`: check catalogue files and show their plans."""

import json
from typing import Annotated

import typer
from rich.console import Console

from bot.catalog import load_catalog
from bot.cli.agreements.catalog_table import show_catalog
from bot.cli.sentence import USAGE, leave
from bot.domain.agreements.plan import Catalog
from bot.errors import ConfigurationError
from bot.views.agreements.catalog_json import catalog_json
from bot.views.refusals import sentence_of
from bot.views.sla.calendar_words import count_words

catalog = typer.Typer(no_args_is_help=True, help="Check and show catalogues of plans.")


@catalog.callback()
def _group() -> None:
    """Check and show catalogues of plans."""


@catalog.command()
def check(
    file: Annotated[str, typer.Argument(help="A catalogue file.")],
    against_open: Annotated[
        bool,
        typer.Option(
            "--against-open",
            help="Show what would move and what would breach, were the open tickets held against"
            " it. They keep their own version: nothing is changed.",
        ),
    ] = False,
    name: Annotated[
        str | None,
        typer.Option(
            "--catalog", help="The catalogue that the file replaces; default: called like it."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what would move, one object a line.")
    ] = False,
) -> None:
    """Name every fault of a catalogue file."""
    if not against_open and (name or as_json):
        leave("--catalog and --json go with --against-open: add it, or leave them out.", USAGE)
    loaded = _load(file)
    if not as_json:
        typer.echo(f"{file}: {count_words(len(loaded.plans), 'plan')}, no faults.")
    if against_open:
        _against_open(loaded, name or loaded.name, as_json)


def _against_open(new: Catalog, name: str, as_json: bool) -> None:
    from bot.cli.agreements.catalog_against import compare, print_comparison, print_comparison_json

    comparison, now = compare(new, name)
    if as_json:
        print_comparison_json(comparison)
    else:
        print_comparison(comparison, now, name)


@catalog.command()
def show(
    name: Annotated[str, typer.Argument(help="ecosire, ecotone or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a catalogue's plans side by side."""
    loaded = _load(name)
    if as_json:
        typer.echo(json.dumps(catalog_json(loaded), indent=2, ensure_ascii=False))
        return
    show_catalog(loaded, Console())


def _load(name: str) -> Catalog:
    try:
        return load_catalog(name)
    except ConfigurationError as error:
        leave(sentence_of(error), USAGE)
