"""What the documents say of the code is there."""

import ast
import re
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
BOOKS = ("docs/traps.md", "docs/sandbox.md", "docs/testing.md")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`((?:bot|handlers|scheduler|storage|tests)/[\w/]+\.py)(?:::\w+)?`")


def cases_of(file: Path) -> dict[str, str | None]:
    """The tests of a file by name, with their docstrings."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(file.read_text("utf-8"))
    found = [each for each in tree.body if isinstance(each, functions)]
    return {each.name: ast.get_docstring(each) for each in found if each.name.startswith("test_")}


@pytest.mark.parametrize("book", BOOKS)
def test_every_file_and_test_that_a_document_names_is_there(book: str) -> None:
    words = (HOUSE / book).read_text("utf-8")
    assert [name for name in FILE.findall(words) if not (HOUSE / name).is_file()] == []
    named = TEST.findall(words)
    assert named
    assert [test for file, test in named if test not in cases_of(HOUSE / file)] == []


def test_every_trap_names_its_remedy_and_its_test() -> None:
    rows = (HOUSE / "docs/traps.md").read_text("utf-8").splitlines()
    traps = [row.split(" | ") for row in rows if row.startswith("| ")][1:]
    assert len(traps) >= 10
    assert all(FILE.search(remedy) and TEST.search(test) for _, remedy, test in traps)


def test_every_test_of_the_sandbox_says_which_rule_it_is_about() -> None:
    files = sorted((HOUSE / "tests/sandbox").rglob("test_*.py"))
    silent = [name for file in files for name, words in cases_of(file).items() if not words]
    assert silent == []


def test_every_row_of_the_sandbox_names_a_page_and_a_test() -> None:
    lines = (HOUSE / "docs/sandbox.md").read_text("utf-8").splitlines()
    rows = [row.strip("| ").split(" | ") for row in lines if row.startswith("| ")][1:]
    rules = [row for row in rows if len(row) == 3]
    assert len(rules) >= 30
    assert [rule for rule, page, test in rules if not page or not TEST.search(test)] == []
