"""`deskbell catalog check FILE --against-open`: what would move and what would breach."""

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
from bot.slack_ts import ts_of
from bot.time_source import ManualTimeSource
from bot.usecases.desk import Desk
from bot.usecases.intake.receive_message import receive_message
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views.sla.calendar_words import instant_words
from tests.cli.command import Command

ECOSIRE = (files("bot") / "catalog" / "ecosire.toml").read_text("utf-8")
# Round the clock, holidays included, so that it does not matter when the tests are run.
ENTERPRISE = 'critical = { target = "2h", calendar = "always" }'
# The commands read the machine's clock: the ticket was opened a little more than an hour ago.
OPENED = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=65)


def catalog(enterprise: str) -> str:
    """ECOSIRE's, with this target of Enterprise for critical tickets."""
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
async def at_the_desk(folder: Path) -> AsyncIterator[Desk]:
    """A desk of the catalogue `acme.toml`, on the database that the commands find."""
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder / 'deskbell.db'}",
        deskbell_catalog=(str(folder / "acme.toml"),),
    )
    async with open_runtime(settings, ManualTimeSource(OPENED)) as opened, opened.write() as desk:
        yield desk


@pytest.fixture
async def deskbell(tmp_path: Path) -> Command:
    """Acme on Enterprise, with the critical ticket ACME-1."""
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    async with at_the_desk(tmp_path) as desk:
        await add_staff(desk, UserId("UDANA"), "engineer", "Dana")
        await add_client(desk, NewClient("Acme", "ACME", "enterprise", "CACME", None, None))
        message = ChannelMessage(
            ChannelId("CACME"), ts_of(OPENED), None, UserId("UANN"), "Our server is down"
        )
        await receive_message(desk, message)
        await decide_severity(desk, "ACME-1", UserId("UDANA"), "critical")
    command = Command(tmp_path)
    command.settings["DESKBELL_CATALOG"] = "acme.toml"
    return command


def test_an_edited_file_is_told_of_and_not_brought_into_force(deskbell: Command) -> None:
    """It is the desk's own file: any other command would put its new version on record."""
    (deskbell.folder / "acme.toml").write_text(catalog("1h"), "utf-8")
    said = deskbell.said("catalog", "check", "acme.toml", "--against-open").splitlines()
    assert said == [
        "acme.toml: 4 plans, no faults.",
        f"ACME-1  Acme  Critical  first response: {local(OPENED + timedelta(hours=2))} → "
        f"{local(OPENED + timedelta(hours=1))} (Asia/Karachi), would be late already",
        "1 ticket looked at: 1 would move earlier, 0 later; 1 would breach.",
    ]
    assert versions(deskbell.folder) == 1


def test_json_is_one_object_a_line(deskbell: Command) -> None:
    (deskbell.folder / "acme.toml").write_text(catalog("3h"), "utf-8")
    said = deskbell.said("catalog", "check", "acme.toml", "--against-open", "--json")
    due = f"{OPENED + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"
    assert [json.loads(line) for line in said.splitlines()] == [
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


def test_a_file_of_another_name_says_what_it_replaces(deskbell: Command) -> None:
    (deskbell.folder / "acme-2027.toml").write_text(catalog("3h"), "utf-8")
    check = ("catalog", "check", "acme-2027.toml", "--against-open")
    assert deskbell.said(*check).splitlines()[1:] == [
        "0 tickets looked at: 0 would move earlier, 0 later; 0 would breach.",
        "No open ticket is of the catalogue “acme-2027”: name the one that this file replaces, "
        "--catalog acme.",
    ]
    said = deskbell.said(*check, "--catalog", "acme")
    assert "1 ticket looked at: 0 would move earlier, 1 later; 0 would breach." in said


@pytest.mark.thorough
def test_a_plan_that_the_file_lacks_is_said(deskbell: Command) -> None:
    text = ECOSIRE.replace("[plans.enterprise", "[plans.gold")
    (deskbell.folder / "acme.toml").write_text(text, "utf-8")
    check = ("catalog", "check", "acme.toml", "--against-open")
    sentence = "ACME-1 is on “enterprise”, which the new file does not have."
    assert sentence in deskbell.said(*check).splitlines()
    *_, line = deskbell.said(*check, "--json").splitlines()
    assert (json.loads(line)["key"], json.loads(line)["fault"]) == ("ACME-1", sentence)


@pytest.mark.thorough
def test_a_promise_that_becomes_words_is_due_no_more(deskbell: Command) -> None:
    text = ECOSIRE.replace(ENTERPRISE, 'critical = { words = "At once" }')
    (deskbell.folder / "acme.toml").write_text(text, "utf-8")
    said = deskbell.said("catalog", "check", "acme.toml", "--against-open")
    assert f"{local(OPENED + timedelta(hours=2))} → no clock (Asia/Karachi)\n" in said
    assert "0 would move earlier, 1 later; 0 would breach." in said


@pytest.mark.thorough
async def test_before_a_severity_is_chosen_the_earliest_is_told_with_its_name(
    deskbell: Command,
) -> None:
    async with at_the_desk(deskbell.folder) as desk:
        at = OPENED + timedelta(seconds=1)
        message = ChannelMessage(ChannelId("CACME"), ts_of(at), None, UserId("UBOB"), "Another one")
        await receive_message(desk, message)
    (deskbell.folder / "acme.toml").write_text(catalog("1h"), "utf-8")
    said = deskbell.said("catalog", "check", "acme.toml", "--against-open")
    line = next(line for line in said.splitlines() if line.startswith("ACME-2"))
    assert line.startswith("ACME-2  Acme  no severity yet  first response: ")
    assert line.endswith(", would be late already if it is Critical")


@pytest.mark.thorough
def test_a_faulty_file_is_told_of_and_held_against_nothing(deskbell: Command) -> None:
    (deskbell.folder / "new.toml").write_text(catalog("1hh"), "utf-8")
    [fault] = deskbell.faults("catalog", "check", "new.toml", "--against-open", "--catalog", "acme")
    assert fault.startswith("new.toml: plans.enterprise.targets.critical.target: ")


@pytest.mark.thorough
def test_without_a_database_there_is_nothing_to_hold_it_against(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    done = Command(tmp_path)("catalog", "check", "acme.toml", "--against-open")
    assert done.returncode == 2
    assert done.stderr.startswith("there is no database deskbell.db yet")
    assert not (tmp_path / "deskbell.db").exists()


@pytest.mark.thorough
def test_what_goes_with_the_comparison_is_refused_without_it(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(ECOSIRE, "utf-8")
    for words in (("--json",), ("--catalog", "acme")):
        [fault] = Command(tmp_path).faults("catalog", "check", "acme.toml", *words)
        assert fault.startswith("--catalog and --json go with --against-open")
