"""Tests `deskbell client` and `deskbell staff`: all faults are named at once, and nothing is
written partially.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Command

ACME = ("client", "add", "--name", "Acme", "--key", "ACME", "--plan", "standard")


@pytest.fixture
def deskbell(tmp_path: Path) -> Command:
    return Command(tmp_path)


def clients(deskbell: Command) -> list[dict[str, Any]]:
    return [json.loads(line) for line in deskbell.output("client", "list", "--json").splitlines()]


def staff(deskbell: Command) -> list[dict[str, str]]:
    return [json.loads(line) for line in deskbell.output("staff", "list", "--json").splitlines()]


def test_a_client_is_added_with_its_agreement_and_its_engineers(deskbell: Command) -> None:
    output = deskbell.output(
        *("client", "add", "--name", "Acme", "--key", "acme", "--plan", "ecosire/priority"),
        *("--channel", "C0ACME", "--engineer", "U0DANA", "--backup", "U0ELI"),
    )
    assert "ACME-1" in output
    assert "Invite the bot to C0ACME" in output
    [acme] = clients(deskbell)
    assert acme == {
        "key": "ACME",
        "name": "Acme",
        "plan": "priority",
        "channel": "C0ACME",
        "engineer": "U0DANA",
        "backup": "U0ELI",
        "terms": False,
    }
    assert [(member["user"], member["role"]) for member in staff(deskbell)] == [
        ("U0DANA", "engineer"),
        ("U0ELI", "engineer"),
    ]


def test_all_faults_of_a_client_are_named_at_once_and_nothing_is_written(
    deskbell: Command,
) -> None:
    faults = deskbell.faults(
        *("client", "add", "--name", " ", "--key", "1st!", "--plan", "gold"),
        *("--channel", "#acme", "--engineer", "@dana", "--backup", "Eli"),
    )
    assert [fault.split(":")[0] for fault in faults] == [
        "there is no plan “gold”",
        "the name is empty",
        "key “1st!” does not fit",
        "channel “#acme” is not a Slack channel ID",
        "engineer “@dana” is not a Slack user ID",
        "backup “Eli” is not a Slack user ID",
    ]
    assert all(": " in fault for fault in faults)
    for plan in ("included", "standard", "priority", "enterprise"):
        assert plan in faults[0]
    assert clients(deskbell) == staff(deskbell) == []


def test_a_duplicate_key_and_a_duplicate_channel_are_named_at_once(deskbell: Command) -> None:
    deskbell.output(*ACME, "--channel", "C0ACME")
    faults = deskbell.faults(
        *("client", "add", "--name", "Other", "--key", "acme", "--plan", "standard"),
        *("--channel", "C0ACME", "--engineer", "U0DANA"),
    )
    assert faults == [
        "the key ACME is taken: choose another one",
        "channel C0ACME belongs to ACME already: choose another one",
    ]
    assert len(clients(deskbell)) == 1
    assert staff(deskbell) == []


def test_a_plan_with_slack_needs_a_channel_and_a_plan_without_does_not(deskbell: Command) -> None:
    [fault] = deskbell.faults(*ACME)
    assert "--channel" in fault
    deskbell.output("client", "add", "--name", "Globex", "--key", "GLOBEX", "--plan", "included")
    assert [client["channel"] for client in clients(deskbell)] == [None]


def test_an_agreement_may_have_its_own_terms(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text('[targets]\ncritical = "30m"\n', "utf-8")
    deskbell.output(*ACME, "--channel", "C0ACME", "--terms", "acme.toml")
    other = ("client", "add", "--name", "Globex", "--key", "GLOBEX", "--plan", "standard")
    deskbell.output(*other, "--channel", "C0GLOBEX")
    assert [(client["key"], client["terms"]) for client in clients(deskbell)] == [
        ("ACME", True),
        ("GLOBEX", False),
    ]
    acme, globex = deskbell.output("client", "list").splitlines()
    assert acme == "ACME  Acme  standard  C0ACME  –  –  own terms"
    assert globex == "GLOBEX  Globex  standard  C0GLOBEX  –  –  –"


def test_faults_of_the_terms_are_named_with_all_other_faults(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text(
        'rank = 9\nquota = { included = 5 }\n[targets]\ncritical = "30mm"\n', "utf-8"
    )
    faults = deskbell.faults(
        *(*ACME, "--channel", "#acme", "--engineer", "U0DANA", "--terms", "acme.toml")
    )
    assert [fault.partition(" ")[0] for fault in faults] == ["channel", "the", "the", "the"]
    assert [fault.split(": ")[1] for fault in faults[1:]] == [
        "rank",
        "quota.overage",
        "targets.critical",
    ]
    assert all(fault.startswith("the agreement: ") for fault in faults[1:])
    assert clients(deskbell) == staff(deskbell) == []


def test_terms_can_take_a_plan_out_of_slack(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text('channels = ["email"]\n', "utf-8")
    deskbell.output(*ACME, "--terms", "acme.toml")
    assert [(client["channel"], client["terms"]) for client in clients(deskbell)] == [(None, True)]


def test_empty_terms_change_nothing(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text("\ufeff\n", "utf-8")
    deskbell.output(*ACME, "--channel", "C0ACME", "--terms", "acme.toml")
    assert [client["terms"] for client in clients(deskbell)] == [False]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("written", "named"),
    [
        (None, "acme.toml cannot be read (No such file or directory)"),
        (b"price = '\xff'", "acme.toml is not UTF-8 text at byte 9"),
        (b"price = ", "the agreement: is not TOML"),
    ],
)
def test_unreadable_terms_are_refused_with_a_message(
    deskbell: Command, written: bytes | None, named: str
) -> None:
    if written is not None:
        (deskbell.folder / "acme.toml").write_bytes(written)
    [fault] = deskbell.faults(*ACME, "--channel", "C0ACME", "--terms", "acme.toml")
    assert fault.startswith(named)
    assert clients(deskbell) == []


@pytest.mark.thorough
@pytest.mark.parametrize("setting", ["DESKBELL_TRIAGE_CHANNEL", "DESKBELL_MANAGERS_CHANNEL"])
def test_an_internal_channel_cannot_be_a_clients_channel(deskbell: Command, setting: str) -> None:
    [fault] = deskbell.faults(*ACME, "--channel", "C0IN", **{setting: "C0IN"})
    assert fault.startswith("channel C0IN is internal")


@pytest.mark.thorough
@pytest.mark.parametrize("plan", ["ecotone/standard", "nowhere/standard", "ecosire/", "/standard/"])
def test_a_plan_of_another_catalogue_is_unknown(deskbell: Command, plan: str) -> None:
    [fault] = deskbell.faults(*ACME[:-1], plan, "--channel", "C0ACME")
    assert fault.startswith(f"there is no plan “{plan}”: choose one of ")


@pytest.mark.thorough
def test_a_person_can_be_added_and_get_another_role(deskbell: Command) -> None:
    deskbell.output("staff", "add", "U0MO", "--role", "engineer", "--name", "Mo")
    deskbell.output("staff", "add", "U0MO", "--role", "manager", "--name", "Mo")
    assert staff(deskbell) == [{"user": "U0MO", "role": "manager", "name": "Mo"}]


@pytest.mark.thorough
def test_a_person_is_removed_from_the_staff_list(deskbell: Command) -> None:
    deskbell.output("staff", "add", "U0MO", "--role", "manager", "--name", "Mo")
    assert deskbell.output("staff", "remove", "U0MO") == "U0MO is no longer on the staff list.\n"
    assert staff(deskbell) == []
    [fault] = deskbell.faults("staff", "remove", "U0MO")
    assert fault == "U0MO is not on the staff list: see `deskbell staff list`"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("mo",), "not a Slack user ID"),
        (("C0MO",), "not a Slack user ID"),
        (("U0MO", "--role", "boss"), "choose engineer or manager"),
    ],
)
def test_an_invalid_person_is_refused_with_a_message(
    deskbell: Command, words: tuple[str, ...], named: str
) -> None:
    [fault] = deskbell.faults("staff", "add", *words)
    assert named in fault
    assert staff(deskbell) == []


@pytest.mark.thorough
def test_both_commands_say_which_arguments_they_need(deskbell: Command) -> None:
    for words in (("client", "add"), ("staff", "add")):
        done = deskbell(*words)
        assert done.returncode == 2
        assert "Missing" in done.stderr
        assert "Traceback" not in done.stderr
