"""Tests that the import contracts hold, and that each reports a forbidden import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
needs_lint_imports = pytest.mark.thorough  # `make test` does not install lint-imports
ROOMS = ("bot", "handlers", "scheduler", "storage")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def copy_rooms(to: Path) -> None:
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, to / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", to)


def add_line(file: Path, line: str) -> None:
    file.write_text(f"{line}\n{file.read_text('utf-8')}", "utf-8")


@needs_lint_imports
def test_every_room_imports_downwards_only() -> None:
    result = lint_imports(REPOSITORY)
    assert result.returncode == 0, result.stdout


@needs_lint_imports
@pytest.mark.parametrize(
    ("file", "forbidden_import"),
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
@needs_lint_imports
def test_a_forbidden_import_is_reported(tmp_path: Path, file: str, forbidden_import: str) -> None:
    copy_rooms(tmp_path)
    add_line(tmp_path / file, forbidden_import)

    result = lint_imports(tmp_path)

    assert result.returncode == 1
    assert "BROKEN" in result.stdout


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


@needs_lint_imports
def test_a_forbidden_import_between_wings_breaks_its_contract(tmp_path: Path) -> None:
    copy_rooms(tmp_path)
    for file, forbidden_import in WING_CROSSINGS.values():
        add_line(tmp_path / file, forbidden_import)

    lines = lint_imports(tmp_path).stdout.splitlines()

    assert [name for name in WING_CROSSINGS if f"{name} BROKEN" not in lines] == []


@needs_lint_imports
def test_every_import_of_the_sandbox_from_the_desk_is_reported(tmp_path: Path) -> None:
    modules = (
        "bot.time_source",
        "bot.domain",
        "bot.usecases",
        "handlers",
        "scheduler",
        "storage",
    )
    copy_rooms(tmp_path)
    add_line(tmp_path / "bot/sandbox/slack.py", f"import {', '.join(modules)}")

    report = lint_imports(tmp_path).stdout

    assert "imports nothing else of the desk BROKEN" in report
    assert [room for room in modules if f"not allowed to import {room}:" not in report] == []


@needs_lint_imports
def test_an_upward_import_within_the_sandbox_is_reported(tmp_path: Path) -> None:
    copy_rooms(tmp_path)
    add_line(tmp_path / "bot/sandbox/workspace/state.py", "import bot.sandbox.slack")

    report = lint_imports(tmp_path).stdout

    assert "Each part of the sandbox imports only from the parts below it BROKEN" in report


def test_the_repository_has_no_other_top_level_folders() -> None:
    tree = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    folders = {name for name in tree.stdout.split() if (REPOSITORY / name).is_dir()}
    assert folders == {*ROOMS, "tests", "docs", ".ci", ".github"}
