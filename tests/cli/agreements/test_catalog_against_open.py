"""Tests `deskbell catalog check FILE --against-open`: changed due times and new breaches."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.runtime import open_runtime
from bot.settings import Settings
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from bot.usecases.desk import Desk
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views.sla.calendar_words import instant_words
from tests.cli.command import Command

ECOSIRE = (files("bot") / "catalog" / "ecosire.toml").read_text("utf-8")
# Round-the-clock coverage without holidays, so the result does not depend on today's date.
ENTERPRISE = 'critical = { target = "2h", calendar = "always" }'
# The commands read the machine's clock; the ticket was opened a little over an hour ago.
OPENED = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=65)


def catalog(enterprise: str) -> str:
    """Return ECOSIRE's catalogue with this Enterprise target for critical tickets."""
    return ECOSIRE.replace(
        ENTERPRISE, f'critical = {{ target = "{enterprise}", calendar = "always" }}'
    )


def local(instant: datetime) -> str:
    return instant_words(instant.astimezone(ZoneInfo("Asia/Karachi")))


def versions(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "deskbell.db")) as store:
        [[count]] = store.execute("SELECT count(*) FROM catalog_versions")
    return int(count)


@asynccontextmanager
async def open_desk(folder: Path) -> AsyncIterator[Desk]:
    """Run a desk with the catalogue `acme.toml`, on the database that the commands use."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder / 'deskbell.db'}",
        deskbell_catalog=(str(folder / "acme.toml"),),
    )
    async with open_runtime(settings, ManualTimeSource(OPENED)) as opened, opened.write() as desk:
        yield desk


@pytest.fixture
async def deskbell(tmp_path: Path) -> Command:
    """Return a command runner: Acme is on Enterprise and has the critical ticket ACME-1."""
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    async with open_desk(tmp_path) as desk:
        await add_staff(desk, UserId("UDANA"), "engineer", "Dana")
        await add_client(desk, NewClient("Acme", "ACME", "enterprise", "CACME", None, None))
        message = ChannelMessage(
            ChannelId("CACME"), MessageTs.at(OPENED), None, UserId("UANN"), "Our server is down"
        )
        await receive_message(desk, message)
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
    command = Command(tmp_path)
    command.settings["DESKBELL_CATALOG"] = "acme.toml"
    return command


def test_an_edited_file_is_compared_but_not_put_into_force(deskbell: Command) -> None:
    """The file is the desk's own: any other command would record its new version."""
    (deskbell.folder / "acme.toml").write_text(catalog("1h"), "utf-8")
    output = deskbell.output("catalog", "check", "acme.toml", "--against-open").splitlines()
    assert output == [
        "acme.toml: 4 plans, no faults.",
        f"ACME-1  Acme  Critical  first response: {local(OPENED + timedelta(hours=2))} → "
        f"{local(OPENED + timedelta(hours=1))} (Asia/Karachi), would be late already",
        "1 ticket looked at: 1 would move earlier, 0 later; 1 would breach.",
    ]
    assert versions(deskbell.folder) == 1


def test_json_is_an_object_per_line(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text(catalog("3h"), "utf-8")
    output = deskbell.output("catalog", "check", "acme.toml", "--against-open", "--json")
    due = f"{OPENED + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    assert [json.loads(line) for line in output.splitlines()] == [
        {
            "key": "ACME-1",
            "client": "Acme",
            "severity": "critical",
            "clock": "first_response:1",
            "due_now": due,
            "due_then": f"{OPENED + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}",
            "would_breach": False,
            "fault": None,
        }
    ]


def test_a_file_with_another_name_says_which_catalogue_it_replaces(deskbell: Command) -> None:
    (deskbell.folder / "acme-2027.toml").write_text(catalog("3h"), "utf-8")
    check = ("catalog", "check", "acme-2027.toml", "--against-open")
    assert deskbell.output(*check).splitlines()[1:] == [
        "0 tickets looked at: 0 would move earlier, 0 later; 0 would breach.",
        "No open ticket is of the catalogue “acme-2027”: name the one that this file replaces, "
        "--catalog acme.",
    ]
    output = deskbell.output(*check, "--catalog", "acme")
    assert "1 ticket looked at: 0 would move earlier, 1 later; 0 would breach." in output


@pytest.mark.thorough
def test_a_plan_missing_from_the_file_is_reported(deskbell: Command) -> None:
    text = ECOSIRE.replace("[plans.enterprise", "[plans.gold")
    (deskbell.folder / "acme.toml").write_text(text, "utf-8")
    check = ("catalog", "check", "acme.toml", "--against-open")
    sentence = "ACME-1 is on “enterprise”, which the new file does not have."
    assert sentence in deskbell.output(*check).splitlines()
    *_, line = deskbell.output(*check, "--json").splitlines()
    assert (json.loads(line)["key"], json.loads(line)["fault"]) == ("ACME-1", sentence)


@pytest.mark.thorough
def test_a_promise_changed_to_words_has_no_due_time(deskbell: Command) -> None:
    text = ECOSIRE.replace(ENTERPRISE, 'critical = { words = "At once" }')
    (deskbell.folder / "acme.toml").write_text(text, "utf-8")
    output = deskbell.output("catalog", "check", "acme.toml", "--against-open")
    assert f"{local(OPENED + timedelta(hours=2))} → no clock (Asia/Karachi)\n" in output
    assert "0 would move earlier, 1 later; 0 would breach." in output


@pytest.mark.thorough
async def test_an_untriaged_tickets_earliest_deadline_is_shown_with_its_severity(
    deskbell: Command,
) -> None:
    async with open_desk(deskbell.folder) as desk:
        at = OPENED + timedelta(seconds=1)
        message = ChannelMessage(
            ChannelId("CACME"), MessageTs.at(at), None, UserId("UBOB"), "Another one"
        )
        await receive_message(desk, message)
    (deskbell.folder / "acme.toml").write_text(catalog("1h"), "utf-8")
    output = deskbell.output("catalog", "check", "acme.toml", "--against-open")
    line = next(line for line in output.splitlines() if line.startswith("ACME-2"))
    assert line.startswith("ACME-2  Acme  no severity yet  first response: ")
    assert line.endswith(", would be late already if it is Critical")


@pytest.mark.thorough
def test_an_invalid_file_is_reported_and_not_compared(deskbell: Command) -> None:
    (deskbell.folder / "new.toml").write_text(catalog("1hh"), "utf-8")
    [fault] = deskbell.faults("catalog", "check", "new.toml", "--against-open", "--catalog", "acme")
    assert fault.startswith("new.toml: plans.enterprise.targets.critical.target: ")


@pytest.mark.thorough
def test_without_a_database_there_is_nothing_to_compare(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    done = Command(tmp_path)("catalog", "check", "acme.toml", "--against-open")
    assert done.returncode == 2
    assert done.stderr.startswith("there is no database deskbell.db yet")
    assert not (tmp_path / "deskbell.db").exists()


@pytest.mark.thorough
def test_options_of_the_comparison_are_refused_without_it(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    for words in (("--json",), ("--catalog", "acme")):
        [fault] = Command(tmp_path).faults("catalog", "check", "acme.toml", *words)
        assert fault.startswith("--catalog and --json go with --against-open")
