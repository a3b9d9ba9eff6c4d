"""`deskbell sla`: the due time of a first response, and its explanation."""

from typing import Annotated

import typer

from bot.cli.sentence import REFUSED, USAGE, leave
from bot.cli.sla.sla_cases import answer_cases
from bot.cli.sla.sla_question import Question, answer
from bot.errors import ConfigurationError, DeskbellError
from bot.views.refusals import sentence_of
from bot.views.sla.due_time_json import answer_json
from bot.views.sla.explanation_words import explanation_sentences

sla = typer.Typer(no_args_is_help=True, help="When a first response is due, and why.")


@sla.callback()
def _group() -> None:
    """When a first response is due, and why."""


@sla.command()
def due(
    *,
    catalog: Annotated[
        str | None,
        typer.Option(
            help="ecosire, ecotone or a file; several with commas: the plan is looked for in each.",
            envvar="DESKBELL_CATALOG",
        ),
    ] = None,
    plan: Annotated[str | None, typer.Option(help="The plan's id: standard.")] = None,
    severity: Annotated[str | None, typer.Option(help="The severity's id: critical.")] = None,
    opened: Annotated[
        str | None,
        typer.Option(help="When the ticket was opened, with its offset: 2026-03-13T23:59+05:00."),
    ] = None,
    cases: Annotated[
        str | None,
        typer.Option(
            help="A CSV file with the columns catalog, plan, severity and opened_at; "
            "- for standard input. Prints a JSON object a row."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """When the first response to a ticket is due, and why then."""
    try:
        if cases is not None:
            _refuse_single(plan=plan, severity=severity, opened=opened)
            raise typer.Exit(0 if answer_cases(cases) else REFUSED)
        question = _question(catalog=catalog, plan=plan, severity=severity, opened=opened)
        deadline = answer(question)
    except ConfigurationError as error:
        leave(sentence_of(error), USAGE)
    except DeskbellError as error:
        leave(sentence_of(error), REFUSED)
    typer.echo(answer_json(deadline) if as_json else "\n".join(explanation_sentences(deadline.why)))


def _refuse_single(**options: str | None) -> None:
    conflicting = [f"--{name}" for name, value in options.items() if value is not None]
    if conflicting:
        raise ConfigurationError(
            f"--cases brings its own tickets: leave out {' and '.join(conflicting)}, or --cases."
        )


def _question(**options: str | None) -> Question:
    missing = [f"--{name}" for name, value in options.items() if not value]
    if missing:
        raise ConfigurationError(
            f"One ticket needs {', '.join(missing)} too, as in: deskbell sla due --catalog ecosire "
            "--plan priority --severity critical --opened 2026-03-13T23:59+05:00"
        )
    values = {name: value for name, value in options.items() if value}
    return Question(values["catalog"], values["plan"], values["severity"], values["opened"])
