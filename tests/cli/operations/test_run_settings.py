"""Tests `deskbell run` with invalid settings: each is named at once, with exit code 2."""

import asyncio
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from bot.time_source import SystemTimeSource
from tests.cli.command import Command

VALID = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "DESKBELL_TRIAGE_CHANNEL": "C0TRIAGE",
    "DESKBELL_MANAGERS_CHANNEL": "C0MANAGERS",
}


@pytest.fixture
def deskbell(tmp_path: Path) -> Command:
    return Command(tmp_path)


def test_all_missing_settings_are_named_at_once(deskbell: Command) -> None:
    faults = deskbell.faults_at_once("run")
    assert [fault.split()[0] for fault in faults] == [
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DESKBELL_TRIAGE_CHANNEL",
        "DESKBELL_MANAGERS_CHANNEL",
    ]
    assert not (deskbell.folder / "deskbell.db").exists()


INVALID = {
    "SLACK_BOT_TOKEN": "xapp-1",
    "SLACK_APP_TOKEN": "xoxb-1",
    "SLACK_API_URL": "slack.com/api",
    "PORT": "70000",
    "DATABASE_URL": "mysql://desk",
    "DESKBELL_TRIAGE_CHANNEL": "#triage",
    "DESKBELL_MANAGERS_CHANNEL": "managers",
    "DESKBELL_ADMINS": "U0123,Mo",
    "DESKBELL_DIGEST_TIME": "nine",
    "DESKBELL_TIME_ZONE": "PKT",
}


def test_all_invalid_settings_are_named_at_once(deskbell: Command) -> None:
    faults = deskbell.faults_at_once("run", **INVALID)
    assert {fault.split()[0] for fault in faults} == set(INVALID)
    assert len(faults) == len(INVALID)
    assert list(deskbell.folder.iterdir()) == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "keeps nothing: name a file"),
        ("DATABASE_URL", "sqlite+aiosqlite:///nowhere/desk.db", "cannot be used"),
        ("DATABASE_URL", "postgresql+asyncpg://postgres@127.0.0.1:9/desk", "cannot be used"),
        ("DESKBELL_CATALOG", "ecosier", "choose ecosire or ecotone"),
        ("DESKBELL_TIME_ZONE", "Asia/Lahore", "write one like Asia/Karachi"),
    ],
)
def test_an_invalid_setting_says_which_values_are_valid(
    deskbell: Command, name: str, value: str, advice: str
) -> None:
    [fault] = deskbell.faults("run", **(VALID | {name: value}))
    assert advice in fault


@pytest.mark.thorough
def test_an_invalid_catalogue_file_names_all_its_faults(deskbell: Command) -> None:
    (deskbell.folder / "mine.toml").write_text('vendor = ""\nzone = "Mars/Base"\n')
    faults = deskbell.faults("run", **VALID, DESKBELL_CATALOG="mine.toml")
    assert len(faults) > 2
    assert all("mine.toml" in fault for fault in faults)


@pytest.mark.thorough
async def test_a_token_that_slack_refuses_ends_the_bot_with_a_message(deskbell: Command) -> None:
    async with Sandbox(SystemTimeSource()) as sandbox:
        right = {"SLACK_BOT_TOKEN": sandbox.bot_token, "SLACK_APP_TOKEN": sandbox.app_token}
        for name in right:
            settings = VALID | right | {name: VALID[name]}
            faults = await asyncio.to_thread(
                deskbell.faults, "run", **settings, SLACK_API_URL=sandbox.api_url
            )
            messages = [fault for fault in faults if "=" not in fault and "slack_bolt" not in fault]
            assert len(messages) == 1
            assert messages[0].startswith(f"{name} is not accepted by Slack (invalid_auth): ")
