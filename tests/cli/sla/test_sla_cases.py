"""Tests `deskbell sla due --cases`: a file of tickets, answered row by row."""

import csv
import gc
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.sla.sla import sla
from bot.cli.sla.sla_cases import answer_cases

ROOT = Path(__file__).parents[3]
CASES = ROOT / "tests" / "cases" / "sla.csv"
HEADER = "catalog,plan,severity,opened_at\n"
GOOD_ROW = "ecosire,standard,critical,2026-03-09T05:00:00Z\n"


def cases(*arguments: str, given: bytes | None = None) -> tuple[int, list[str], list[str]]:
    """Return the exit code, the lines of standard output and the lines of standard error."""
    result = CliRunner().invoke(sla, ["due", "--cases", *arguments], input=given)
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()


def test_every_worked_example_is_correct() -> None:
    code, lines, errors = cases(str(CASES))
    assert (code, errors) == (0, [])
    with CASES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(lines) == len(rows) == 56
    for row, line in zip(rows, lines, strict=True):
        answer = json.loads(line)
        assert (answer["starts_at"] or "", answer["due_at"] or "") == (
            row["starts_at"],
            row["due_at"],
        ), row
        assert answer["why"]


def test_a_dash_reads_standard_input() -> None:
    code, lines, _ = cases("-", given=(HEADER + GOOD_ROW * 2).encode())
    assert code == 0
    assert [json.loads(line)["due_at"] for line in lines] == ["2026-03-09T09:00:00Z"] * 2


def test_columns_may_be_in_any_order_and_unknown_columns_are_ignored() -> None:
    given = "why,severity,opened_at, plan,catalog\nx,critical,2026-03-09T05:00Z,standard,ecosire\n"
    code, lines, _ = cases("-", given=given.encode("utf-8-sig"))
    assert code == 0
    assert json.loads(lines[0])["due_at"] == "2026-03-09T09:00:00Z"


def test_an_invalid_row_is_reported_with_its_line_and_the_others_are_answered() -> None:
    given = (
        HEADER
        + "ecosire,gold,critical,2026-03-09T05:00:00Z\n"
        + "\n"
        + "ecosire,standard,critical,2026-03-09T05:00:00\n"
        + "ecosire,standard\n"
        + "nowhere.toml,standard,critical,2026-03-09T05:00:00Z\n"
        + '"ecosire\n",standard,critical,2026-03-09T05:00:00Z\n'
        + "ecosire,standard,p1,2026-03-09T05:00:00Z\n"
        + GOOD_ROW
    )
    code, lines, errors = cases("-", given=given.encode())
    assert code == 1
    assert len(lines) == 2
    assert [error.partition(": ")[0] for error in errors] == [
        "line 2",
        "line 4",
        "line 5",
        "line 6",
        "line 9",
    ]
    assert errors[0] == (
        "line 2: There is no plan 'gold' in ecosire: choose included, standard, priority or "
        "enterprise."
    )
    assert errors[2] == "line 5: The row has no severity, opened_at: fill it in."


def test_a_row_that_is_not_utf_8_is_the_only_invalid_row() -> None:
    given = HEADER.encode() + b"ecosire,standard,\xff,2026-03-09T05:00Z\n" + GOOD_ROW.encode()
    code, lines, errors = cases("-", given=given)
    assert (code, len(lines), len(errors)) == (1, 1, 1)


def test_an_unterminated_field_is_a_single_invalid_row() -> None:
    given = HEADER + '"' + "x" * 200_000 + '"\n' + GOOD_ROW
    code, lines, errors = cases("-", given=given.encode())
    assert (code, len(lines)) == (1, 1)
    assert errors[0].startswith("line 2: The row cannot be read (field larger than")


def test_an_invalid_catalogue_is_reported_once_per_row(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('vendor = "Acme"\n', "utf-8")
    given = f"{HEADER}{path},standard,critical,2026-03-09T05:00Z\n"
    code, _, errors = cases("-", given=given.encode())
    assert code == 1
    assert errors == [
        f"line 2: {path}: zone: is missing; write the IANA zone its plans are kept in: zone = "
        '"Asia/Karachi" (and 4 more: deskbell catalog check lists all)'
    ]


def test_a_file_with_a_missing_column_is_refused() -> None:
    code, lines, errors = cases("-", given=b"catalog,plan,opened_at\n")
    assert (code, lines) == (2, [])
    assert errors == ["- has no column severity: begin it with catalog,plan,severity,opened_at."]


def test_a_missing_file_is_refused() -> None:
    code, _, errors = cases("nowhere.csv")
    assert code == 2
    assert errors == [
        "nowhere.csv cannot be read (No such file or directory): give the path of a CSV file, or -."
    ]


def test_a_row_is_answered_before_the_next_row_is_available() -> None:
    """A script can ask through a pipe, and a file of any size fits in memory."""
    program = "from bot.cli.sla.sla import sla; sla(['due', '--cases', '-'])"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
    ) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        patience = threading.Timer(20, asked.kill)
        patience.start()
        asked.stdin.write(HEADER)
        for _ in range(2):
            asked.stdin.write(GOOD_ROW)
            asked.stdin.flush()
            assert "2026-03-09T09:00:00Z" in asked.stdout.readline()
        asked.stdin.close()
        assert asked.wait() == 0
        patience.cancel()


def test_standard_input_stays_open_for_its_next_reader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = io.TextIOWrapper(io.BytesIO((HEADER + GOOD_ROW).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert answer_cases("-")
    gc.collect()
    assert not given.buffer.closed
    assert json.loads(capsys.readouterr().out)["due_at"] == "2026-03-09T09:00:00Z"
