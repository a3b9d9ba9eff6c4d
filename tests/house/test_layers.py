"""The contracts of the layers hold, and fail when they are crossed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
LINTED = pytest.mark.thorough  # it needs lint-imports, which `make test` does not install
ROOMS = ("bot", "handlers", "scheduler", "storage")


def lint_imports(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def copy_rooms(to: Path) -> None:
    for room in ROOMS:
        shutil.copytree(HOUSE / room, to / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HOUSE / "pyproject.toml", to)


def add_line(file: Path, line: str) -> None:
    file.write_text(f"{line}\n{file.read_text('utf-8')}", "utf-8")


@LINTED
def test_every_room_imports_downwards_only() -> None:
    found = lint_imports(HOUSE)
    assert found.returncode == 0, found.stdout


@LINTED
@pytest.mark.parametrize(
    ("file", "crossing"),
    [
        ("bot/domain/agreements/quota.py", "from bot.ports import Work"),
        ("bot/domain/agreements/quota.py", "import pydantic"),
        ("bot/usecases/tickets/triage/severity.py", "from storage.store import Store"),
        ("bot/usecases/tickets/triage/severity.py", "from bot.views import ids"),
        ("bot/views/escalation/ping.py", "import slack_sdk"),
        ("handlers/slack/events/events.py", "import sqlalchemy"),
        ("scheduler/ticker.py", "from handlers.slack.door import Door"),
    ],
)
@LINTED
def test_a_crossing_is_refused(tmp_path: Path, file: str, crossing: str) -> None:
    copy_rooms(tmp_path)
    add_line(tmp_path / file, crossing)

    found = lint_imports(tmp_path)

    assert found.returncode == 1
    assert "BROKEN" in found.stdout


WING_CROSSINGS = {
    "The wings of the domain import downwards": (
        "bot/domain/sla/targets/due.py",
        "import bot.domain.agreements.plan",
    ),
    "The wings of the use-cases import downwards": (
        "bot/usecases/agreements/accounts.py",
        "import bot.usecases.tickets.ticket_views",
    ),
    "The wings of the views import downwards": (
        "bot/views/sla/urgency.py",
        "import bot.views.tickets.triage_card",
    ),
    "The wings of storage import downwards": (
        "storage/tables/sla.py",
        "import storage.repositories.sla.clocks",
    ),
    "The parts of Slack's door import downwards": (
        "handlers/slack/door.py",
        "import handlers.slack.routes",
    ),
    "The wings of the features import downwards": (
        "handlers/slack/actions/tickets/handling/take.py",
        "import handlers.slack.actions.operations.absence",
    ),
    "The ways in know nothing of each other": (
        "handlers/http/server.py",
        "import handlers.slack.sanitize",
    ),
    "The ways out know nothing of each other": (
        "bot/delivery/pager/pager.py",
        "import bot.delivery.slack.client",
    ),
}


@LINTED
def test_a_forbidden_import_between_wings_breaks_its_contract(tmp_path: Path) -> None:
    copy_rooms(tmp_path)
    for file, crossing in WING_CROSSINGS.values():
        add_line(tmp_path / file, crossing)

    lines = lint_imports(tmp_path).stdout.splitlines()

    assert [name for name in WING_CROSSINGS if f"{name} BROKEN" not in lines] == []


@LINTED
def test_every_import_of_the_sandbox_from_the_desk_is_reported(tmp_path: Path) -> None:
    forbidden = (
        "bot.time_source",
        "bot.domain",
        "bot.usecases",
        "handlers",
        "scheduler",
        "storage",
    )
    copy_rooms(tmp_path)
    add_line(tmp_path / "bot/sandbox/slack.py", f"import {', '.join(forbidden)}")

    report = lint_imports(tmp_path).stdout

    assert "imports nothing else of the desk BROKEN" in report
    assert [room for room in forbidden if f"not allowed to import {room}:" not in report] == []


@LINTED
def test_an_upward_import_within_the_sandbox_is_reported(tmp_path: Path) -> None:
    copy_rooms(tmp_path)
    add_line(tmp_path / "bot/sandbox/workspace/state.py", "import bot.sandbox.slack")

    report = lint_imports(tmp_path).stdout

    assert "Each part of the sandbox imports only from the parts below it BROKEN" in report


def test_the_top_level_is_what_the_readme_says() -> None:
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    folders = {name for name in listed.stdout.split() if (HOUSE / name).is_dir()}
    assert folders == {*ROOMS, "tests", "docs", ".ci", ".github"}
