"""Tests `deskbell sla due` for a single ticket."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.sla.sla import sla

PRIORITY = ("--catalog", "ecosire", "--plan", "priority", "--severity", "critical")


def due(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code, standard output and standard error."""
    result = CliRunner().invoke(sla, ["due", *arguments], env={"DESKBELL_CATALOG": None})
    return result.exit_code, result.stdout, result.stderr


def test_json_is_an_object_with_instants_in_utc() -> None:
    code, out, err = due(*PRIORITY, "--opened", "2026-03-13T23:59+05:00", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["starts_at", "due_at", "why"]
    assert answer["starts_at"] == "2026-03-13T18:59:00Z"
    assert answer["due_at"] == "2026-03-13T20:59:00Z"
    assert answer["why"][1] == "Opened Fri 13 Mar 2026, 23:59 in Asia/Karachi."


def test_without_a_clock_both_instants_are_null() -> None:
    code, out, _ = due(
        *("--catalog", "ecotone", "--plan", "support-agreement", "--severity", "p2"),
        *("--opened", "2026-03-09T09:00:00Z", "--json"),
    )
    assert code == 0
    answer = json.loads(out)
    assert (answer["starts_at"], answer["due_at"]) == (None, None)
    assert "Prioritised handling" in answer["why"][0]


def test_microseconds_are_shown_only_if_not_zero() -> None:
    _, out, _ = due(*PRIORITY, "--opened", "2026-03-13T18:59:00.000001Z", "--json")
    assert json.loads(out)["due_at"] == "2026-03-13T20:59:00.000001Z"


def test_without_json_the_explanation_is_printed_in_sentences() -> None:
    code, out, _ = due(*PRIORITY, "--opened", "2026-03-13T23:59+05:00")
    assert code == 0
    assert out.splitlines()[-1] == (
        "Due Sat 14 Mar 2026, 01:59 in Asia/Karachi, which is Fri 13 Mar 2026, 20:59 UTC."
    )


def test_the_environments_catalogue_is_used_if_none_is_named() -> None:
    result = CliRunner().invoke(
        sla,
        ["due", "--plan", "standard", "--severity", "low", "--opened", "2026-03-13T23:59Z"],
        env={"DESKBELL_CATALOG": "ecosire"},
    )
    assert result.exit_code == 0
    assert result.stdout.startswith("Standard, Low")


@pytest.mark.parametrize(
    ("plan", "severity", "begins"),
    [("standard", "low", "Standard, Low"), ("support-agreement", "p1", "Support Agreement, P1")],
)
def test_the_catalogue_that_has_the_plan_is_used(plan: str, severity: str, begins: str) -> None:
    """The environment names all catalogues of the desk."""
    result = CliRunner().invoke(
        sla,
        ["due", "--plan", plan, "--severity", severity, "--opened", "2026-03-13T23:59Z"],
        env={"DESKBELL_CATALOG": "ecosire, ecotone"},
    )
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            (
                *("--catalog", "ecosire,ecotone", "--plan", "gold"),
                *("--severity", "low", "--opened", "x"),
            ),
            "There is no plan 'gold' in ecosire or ecotone: choose included, standard, priority, "
            "enterprise or support-agreement.",
        ),
        (
            ("--catalog", "ecosire", "--plan", "gold", "--severity", "low", "--opened", "x"),
            "There is no plan 'gold' in ecosire: choose included, standard, priority or "
            "enterprise.",
        ),
        (
            ("--catalog", "ecosire", "--plan", "standard", "--severity", "p1", "--opened", "x"),
            "There is no severity 'p1' in ecosire's plan standard: choose critical, high, medium "
            "or low.",
        ),
        (
            ("--catalog", "ecosir", "--plan", "standard", "--severity", "p1", "--opened", "x"),
            "There is no catalogue 'ecosir': choose ecosire or ecotone, or give the path of a "
            "catalogue file.",
        ),
        (
            (*PRIORITY, "--opened", "2026-03-13T23:59"),
            "'2026-03-13T23:59' has no offset, so it could be many instants: write "
            "2026-03-13T23:59+05:00, or Z for UTC.",
        ),
        (
            (*PRIORITY, "--opened", "yesterday"),
            "'yesterday' is no time: write an ISO 8601 time with its offset, "
            "2026-03-13T23:59+05:00.",
        ),
        (
            (*PRIORITY, "--opened", "9999-12-31T23:59-05:00"),
            "'9999-12-31T23:59-05:00' is out of range: write a year from 1970 to 2199.",
        ),
        (
            ("--catalog", "ecosire", "--plan", "standard"),
            "One ticket needs --severity, --opened too, as in: deskbell sla due --catalog ecosire "
            "--plan priority --severity critical --opened 2026-03-13T23:59+05:00",
        ),
        (
            ("--cases", "x.csv", "--plan", "gold"),
            "--cases brings its own tickets: leave out --plan, or --cases.",
        ),
    ],
)
def test_an_invalid_argument_is_refused_with_the_choices(
    arguments: tuple[str, ...], sentence: str
) -> None:
    assert due(*arguments) == (2, "", f"{sentence}\n")


def test_the_command_group_can_be_mounted_under_another_command() -> None:
    app = typer.Typer()
    app.add_typer(sla, name="sla")
    result = CliRunner().invoke(
        app, ["sla", "due", *PRIORITY, "--opened", "2026-03-13T23:59+05:00"]
    )
    assert result.exit_code == 0


def test_the_command_does_not_import_slack_the_database_or_pictures() -> None:
    program = (
        "import sys, bot.cli.sla.sla, bot.cli.agreements.catalog\n"
        "heavy = {'slack_sdk', 'slack_bolt', 'sqlalchemy', 'matplotlib', 'aiohttp'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=root
    )
    assert done.stdout.strip() == "[]"
