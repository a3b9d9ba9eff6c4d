"""`deskbell sla due --cases`: due times for a CSV file of tickets, computed while the file is
read."""

import csv
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import IO

import typer

from bot.catalog import load_catalog
from bot.cli.sla.sla_question import Asked, Question, find_sla_target, parse_opened
from bot.domain.sla.targets.due_time import DueTime, due_time_of
from bot.errors import ConfigurationError, DeskbellError
from bot.views.refusals import sentence_of
from bot.views.sla.due_time_json import answer_json

COLUMNS = ("catalog", "plan", "severity", "opened_at")


def answer_cases(source: str) -> bool:
    """Print a JSON object for each row of the CSV file, in order. Return whether every row had an
    answer.

    A faulty row is reported on standard error with its line number, and the other rows are still
    answered. Raises ConfigurationError if the file cannot be read or lacks a column.
    """
    find = lru_cache(maxsize=4096)(partial(find_sla_target, load=lru_cache(load_catalog)))
    # A program that asks through a pipe may wait for an answer before its next question.
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
    # Bytes that are not UTF-8 make only their own row faulty.
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
    """Yield each row that is not blank, or the error that it contains, with the number of its first
    line."""
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
    values = [fields[position].strip() if position < len(fields) else "" for position in positions]
    if all(values):
        return Question(*values)
    empty = [name for name, value in zip(COLUMNS, values, strict=True) if not value]
    return ConfigurationError(f"The row has no {', '.join(empty)}: fill it in.")


def _answered(
    question: Question | ConfigurationError, find: Callable[[str, str, str], Asked]
) -> DueTime:
    if isinstance(question, ConfigurationError):
        raise question
    asked = find(question.catalog, question.plan, question.severity)
    return due_time_of(asked.plan_name, asked.sla_target, parse_opened(question.opened_at))


def _one_sentence(error: DeskbellError) -> str:
    first, *more = sentence_of(error).splitlines()
    return f"{first} (and {len(more)} more: deskbell catalog check lists all)" if more else first
