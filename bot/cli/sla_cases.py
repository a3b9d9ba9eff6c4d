"""A file of tickets, answered row by row while it is read."""

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import IO

import typer

from bot.catalog_file import load_catalog
from bot.cli.sla_question import Asked, Question, answer_json, find_promise, parse_opened
from bot.domain.deadline import Deadline, deadline_of
from bot.errors import ConfigurationError, DeskbellError

COLUMNS = ("catalog", "plan", "severity", "opened_at")


def answer_cases(source: str) -> bool:
    """Prints a JSON object a row of the CSV file, in order; whether every row was answered.

    A bad row is reported on standard error with its line, and the others are still answered. A
    file that cannot be read, or that lacks a column, is a ConfigurationError.
    """
    find = lru_cache(maxsize=4096)(partial(find_promise, load=lru_cache(load_catalog)))
    # Who asks through a pipe may wait for an answer before the next question.
    at_once = source == "-"
    all_answered = True
    with _opened(source) as file:
        for line, question in _questions(file, source):
            try:
                print(answer_json(_answered(question, find)), flush=at_once)
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
    positions = [header.index(name) for name in COLUMNS]
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
            yield line, _question(fields, positions)


def _question(fields: list[str], positions: list[int]) -> Question | ConfigurationError:
    values = [fields[at].strip() if at < len(fields) else "" for at in positions]
    if all(values):
        return Question(*values)
    empty = [name for name, value in zip(COLUMNS, values, strict=True) if not value]
    return ConfigurationError(f"The row has no {', '.join(empty)}: fill it in.")


def _answered(
    question: Question | ConfigurationError, find: Callable[[str, str, str], Asked]
) -> Deadline:
    if isinstance(question, ConfigurationError):
        raise question
    asked = find(question.catalog, question.plan, question.severity)
    return deadline_of(asked.promise, asked.first, parse_opened(question.opened_at))


def _one_sentence(error: DeskbellError) -> str:
    first, *more = str(error).splitlines()
    return f"{first} (and {len(more)} more: deskbell catalog check lists all)" if more else first
