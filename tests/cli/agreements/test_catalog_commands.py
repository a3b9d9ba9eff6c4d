"""Tests `deskbell catalog check` and `deskbell catalog show`."""

import json
from pathlib import Path

from typer.testing import CliRunner

from bot.catalog import load_catalog
from bot.cli.agreements.catalog import catalog


def run(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code, standard output and standard error."""
    result = CliRunner().invoke(catalog, [*arguments], env={"COLUMNS": "120"})
    return result.exit_code, result.stdout, result.stderr


def test_a_valid_file_is_reported_as_valid(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(load_catalog("ecosire").text, "utf-8")
    assert run("check", str(path)) == (0, f"{path}: 4 plans, no faults.\n", "")


def test_every_fault_of_an_invalid_file_is_printed_to_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    text = load_catalog("ecosire").text.replace("USD 25.00", "25").replace('"8h"', '"8hh"')
    path.write_text(text, "utf-8")
    code, out, err = run("check", str(path))
    assert (code, out) == (2, "")
    assert [line.split(": ")[1] for line in err.splitlines()] == [
        "plans.standard.quota.overage",
        "plans.standard.targets.high",
        "plans.priority.targets.medium",
        "plans.enterprise.targets.medium",
    ]


def test_a_missing_catalogue_names_the_choices() -> None:
    code, _, err = run("show", "ecosir")
    assert code == 2
    assert err.startswith("There is no catalogue 'ecosir': choose ecosire or ecotone")


def test_the_table_shows_the_facts_that_a_buyer_needs() -> None:
    code, out, _ = run("show", "ecosire")
    assert code == 0
    for words in (
        "ECOSIRE support plans",
        "USD 299.00",
        "USD 799.00",
        "Negotiated",
        "20 a month, then",
        "round the clock",
        "Mon–Sat 08:00–22:00",
        "Everything in Standard, plus:",
        "Times of coverage are Asia/Karachi.",
    ):
        assert words in out, words


def test_words_in_brackets_are_printed_literally(tmp_path: Path) -> None:
    path = tmp_path / "acme.toml"
    text = load_catalog("ecotone").text.replace("Prioritised handling", "[bold]First[/bold]")
    path.write_text(text, "utf-8")
    assert "[bold]First[/bold]" in run("show", str(path))[1]


def test_json_has_money_in_minor_units_and_marks_promises_with_a_clock() -> None:
    code, out, _ = run("show", "ecosire", "--json")
    assert code == 0
    shown = json.loads(out)
    assert shown["digest"] == load_catalog("ecosire").digest
    standard = shown["plans"][1]
    assert standard["price"] == {"minor": 29900, "currency": "USD"}
    assert standard["quota"] == {"included": 20, "overage": {"minor": 2500, "currency": "USD"}}
    critical = shown["plans"][2]["severities"][0]
    assert critical["target"] == "2 hours"
    assert critical["by_weekday"] == {"Saturday": "4 hours", "Sunday": "4 hours"}
    ecotone = json.loads(run("show", "ecotone", "--json")[1])["plans"][0]
    assert [severity["clock"] for severity in ecotone["severities"]] == [True, False, False, False]


def negotiated(folder: Path) -> Path:
    """Return Ecotone's catalogue with a resolution for P1 and P2, and dates that differ from their
    weekdays.
    """
    path = folder / "acme.toml"
    text = load_catalog("ecotone").text.replace(
        'holidays = "XECB"',
        'holidays = "XECB"\nextra_closed = { 2026-08-14 = "Stocktaking" }\n'
        'extra_open = { 2026-05-02 = "09:00-13:00" }',
    )
    resolution = '[plans.support-agreement.resolution]\np1 = "2 business days"\n'
    path.write_text(f"{text}\n{resolution}p2 = {{ words = 'As agreed' }}\n", "utf-8")
    return path


def test_the_table_shows_promises_beyond_the_first_response(tmp_path: Path) -> None:
    code, out, _ = run("show", str(negotiated(tmp_path)))
    assert code == 0
    for words in (
        "P1 · Critical: resolution",
        "2 business days",
        "P2 · Major: resolution",
        "As agreed",
        "Fri 14 Aug 2026 is closed for Stocktaking.",
        "Sat 2 May 2026 has hours of its own: 09:00–13:00.",
    ):
        assert words in out, words
    assert "P3 · Minor: resolution" not in out
    assert ": update" not in out


def test_json_has_promises_beyond_the_first_response(tmp_path: Path) -> None:
    (plan,) = json.loads(run("show", str(negotiated(tmp_path)), "--json")[1])["plans"]
    targets = plan["further"]["resolution"]
    assert [(target["id"], target["target"], target["clock"]) for target in targets] == [
        ("p1", "2 business days", True),
        ("p2", "As agreed", False),
    ]
    assert json.loads(run("show", "ecotone", "--json")[1])["plans"][0]["further"] == {}
