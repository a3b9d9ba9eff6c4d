"""A file of tickets, answered row by row while it is read."""

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO

import typer

from bot.catalog_file import load_catalog
from bot.cli.sla_question import Question, answer, answer_json
from bot.domain.deadline import Deadline
from bot.domain.plan import Catalog
from bot.errors import ConfigurationError, DeskbellError

COLUMNS = ("catalog", "plan", "severity", "opened_at")


def answer_cases(source: str) -> bool:
    """Prints a JSON object a row of the CSV file, in order; whether every row was answered.

    A bad row is reported on standard error with its line, and the others are still answered. A
    file that cannot be read, or that lacks a column, is a ConfigurationError.
    """
    load = lru_cache(maxsize=None)(load_catalog)
    all_answered = True
    with _opened(source) as file:
        for line, question in _questions(file, source):
            try:
                print(json.dumps(answer_json(_answered(question, load))), flush=True)
            except DeskbellError as error:
                all_answered = False
                typer.echo(f"line {line}: {_one_sentence(error)}", err=True)
    return all_answered


@contextmanager
def _opened(source: str) -> Iterator[IO[str]]:
    # What is not UTF-8 spoils its own row and not those after it.
    if source == "-":
        text = io.TextIOWrapper(sys.stdin.buffer, "utf-8-sig", errors="replace", newline="")
        try:
            yield text
        finally:
            text.detach()
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(
                Path(source).open(encoding="utf-8-sig", errors="replace", newline="")
            )
        except OSError as error:
            raise ConfigurationError(
                f"{source} cannot be read ({error.strerror}): give the path of a CSV file, or -."
            ) from error
        yield file


def _questions(file: IO[str], source: str) -> Iterator[tuple[int, Question | ConfigurationError]]:
    """Each row that is not blank, or why it is none, with the line that it begins on."""
    reader = csv.reader(file)
    header = [name.strip() for name in next(reader, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ConfigurationError(
            f"{source} has no column {', '.join(missing)}: begin it with {','.join(COLUMNS)}."
        )
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, ConfigurationError(f"The row cannot be read ({error}): mend its quotes.")
            continue
        if fields:
            yield line, _question(dict(zip(header, fields, strict=False)))


def _question(row: dict[str, str]) -> Question | ConfigurationError:
    values = [row.get(name, "").strip() for name in COLUMNS]
    if all(values):
        return Question(*values)
    empty = [name for name, value in zip(COLUMNS, values, strict=True) if not value]
    return ConfigurationError(f"The row has no {', '.join(empty)}: fill it in.")


def _answered(question: Question | ConfigurationError, load: Callable[[str], Catalog]) -> Deadline:
    if isinstance(question, ConfigurationError):
        raise question
    return answer(question, load)


def _one_sentence(error: DeskbellError) -> str:
    first, *more = str(error).splitlines()
    return f"{first} (and {len(more)} more: deskbell catalog check lists all)" if more else first
