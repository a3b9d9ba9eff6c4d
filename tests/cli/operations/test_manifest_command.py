"""Tests `deskbell manifest`, `--help`, and the imports of each command."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from handlers.slack.events.events import ON_EVENT
from tests import ids
from tests.cli.command import Command

ROOT = Path(__file__).parents[3]

# The bot scopes that each method needs (Slack documentation); views and auth.test need none.
SCOPES_OF = {
    "auth_test": set(),
    "apps_connections_open": set(),  # needs the app-level token
    "views_open": set(),
    "views_publish": set(),
    "chat_postMessage": {"chat:write", "chat:write.customize"},
    "chat_postEphemeral": {"chat:write"},
    "chat_delete": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "usergroups_users_list": {"usergroups:read"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
}


def product() -> str:
    rooms = ("bot/app.py", "bot/delivery/slack", "handlers")
    files = [path for room in rooms for path in ([ROOT / room, *(ROOT / room).rglob("*.py")])]
    return "\n".join(path.read_text("utf-8") for path in files if path.is_file())


def test_the_manifest_requests_exactly_the_scopes_that_the_bot_uses(tmp_path: Path) -> None:
    called = set(re.findall(r"client\.([a-z]+_[A-Za-z_0-9]+)\b(?=[(\s])", product()))
    called -= {"is_connected", "aiohttp_client_session", "wss_uri"}  # called by the socket client
    manifest = json.loads(Command(tmp_path).output("manifest"))
    needed = set().union(*(SCOPES_OF[method] for method in called))
    needed |= {"channels:read", "groups:read"}  # from the events about channels
    needed |= {"reactions:read", "users:read"}  # from the events about reactions and accounts
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed | {"commands"}
    assert "conversations_replies" in called


def test_the_manifest_subscribes_to_the_events_commands_and_shortcuts_that_the_bot_handles(
    tmp_path: Path,
) -> None:
    """A mention arrives as a message too, in every channel that the bot has joined."""
    manifest = json.loads(Command(tmp_path).output("manifest"))
    settings = manifest["settings"]
    subscribed = set(settings["event_subscriptions"]["bot_events"])
    others = set(ON_EVENT) - {"message", "app_mention"}
    assert subscribed == {"message.channels", "message.groups"} | others
    assert settings["interactivity"]["is_enabled"] is True
    assert settings["socket_mode_enabled"] is True
    shortcuts = [shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]]
    assert shortcuts == [ids.OPEN_SHORTCUT, ids.ADD_SHORTCUT]
    assert [
        slash_command["command"] for slash_command in manifest["features"]["slash_commands"]
    ] == ["/desk"]


def test_help_describes_every_command_in_a_sentence(tmp_path: Path) -> None:
    output = Command(tmp_path).output("--help")
    for command in ("run", "demo", "manifest", "sla", "catalog", "client", "staff", "export"):
        assert re.search(rf"\b{command}\b +[A-Z].*\w", output), command
    assert "keeps the promises in your support plans" in output


@pytest.mark.thorough
@pytest.mark.parametrize("words", [("frobnicate",), ("sla", "frobnicate"), ("client", "remove")])
def test_an_unknown_command_is_named_and_exits_with_2(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = Command(tmp_path)(*words)
    assert done.returncode == 2
    assert f"No such command '{words[-1]}'" in done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("manifest",),
        (
            *("sla", "due", "--catalog", "ecosire", "--plan", "priority", "--severity", "critical"),
            *("--opened", "2026-03-13T23:59+05:00", "--json"),
        ),
    ],
    ids=lambda words: words[0],
)
def test_a_command_imports_only_necessary_packages(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    unnecessary = {"slack_bolt", "slack_sdk", "sqlalchemy", "matplotlib", "aiohttp", "alembic"}
    assert imported & unnecessary == set()
