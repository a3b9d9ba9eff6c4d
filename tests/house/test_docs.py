"""Tests that the files and tests that the documents name exist."""

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = ("docs/traps.md", "docs/sandbox.md", "docs/testing.md")
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`((?:bot|handlers|scheduler|storage|tests)/[\w/]+\.py)(?:::\w+)?`")


def docstrings_of_tests(file: Path) -> dict[str, str | None]:
    """Return the names of the tests in a file with their docstrings."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(file.read_text("utf-8"))
    tests = [node for node in tree.body if isinstance(node, functions)]
    return {node.name: ast.get_docstring(node) for node in tests if node.name.startswith("test_")}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_test_that_a_document_names_exists(document: str) -> None:
    text = (REPOSITORY / document).read_text("utf-8")
    assert [name for name in FILE.findall(text) if not (REPOSITORY / name).is_file()] == []
    named_tests = TEST.findall(text)
    assert named_tests
    assert [
        test for file, test in named_tests if test not in docstrings_of_tests(REPOSITORY / file)
    ] == []


def test_every_trap_names_the_file_of_its_remedy_and_its_test() -> None:
    rows = (REPOSITORY / "docs/traps.md").read_text("utf-8").splitlines()
    traps = [row.split(" | ") for row in rows if row.startswith("| ")][1:]
    assert len(traps) >= 10
    assert all(FILE.search(remedy) and TEST.search(test) for _, remedy, test in traps)


def test_every_test_of_the_sandbox_has_a_docstring_with_its_rule() -> None:
    files = sorted((REPOSITORY / "tests/sandbox").rglob("test_*.py"))
    without_docstring = [
        name
        for file in files
        for name, docstring in docstrings_of_tests(file).items()
        if not docstring
    ]
    assert without_docstring == []


def test_every_rule_of_the_sandbox_names_a_page_and_a_test() -> None:
    lines = (REPOSITORY / "docs/sandbox.md").read_text("utf-8").splitlines()
    rows = [row.strip("| ").split(" | ") for row in lines if row.startswith("| ")][1:]
    rules = [row for row in rows if len(row) == 3]
    assert len(rules) >= 30
    assert [rule for rule, page, test in rules if not page or not TEST.search(test)] == []
