"""The picture of the digest is posted once in its thread, despite faults of Slack."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Fault, Message
from tests.story import Story, story

pytestmark = pytest.mark.any_store
GET, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


async def a_response_falls_due(tale: Story) -> None:
    channel, ann = await tale.add_client()
    ts = await tale.says(ann, channel, "Our server is down")
    await tale.asks(tale.dana, "severity ACME-1 critical")
    await tale.says(tale.dana, channel, "We are on it", thread_ts=ts)


def digest(tale: Story) -> Message:
    [digest_message] = [
        message
        for message in tale.sandbox.messages(tale.managers)
        if message.plain().startswith("Support on Tuesday")
    ]
    return digest_message


def pictures(tale: Story) -> list[Message]:
    return [message for message in tale.thread(tale.managers, digest(tale).ts) if message.files]


async def test_the_picture_is_in_the_thread_of_the_digest_with_a_description(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await a_response_falls_due(tale)
        await tale.forward(hours=24)
        [picture] = pictures(tale)
        [file] = picture.files
        assert file["title"] == "First responses kept, last 30 days"
        assert file["alt_txt"] == f"{file['title']}. Acme (Standard): 1 of 1 (100 %)"
        assert tale.sandbox._workspace.contents[file["id"]].startswith(b"\x89PNG")
        assert "ACME" not in file["name"].upper()


@pytest.mark.thorough
async def test_a_digest_without_due_responses_has_no_picture(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        await tale.forward(hours=24)
        assert pictures(tale) == []
        assert tale.sandbox.calls(GET) == []


@pytest.mark.thorough
@pytest.mark.parametrize("method", [GET, COMPLETE])
@pytest.mark.parametrize(
    "fault",
    [Fault.RESET_AFTER, Fault.RATE_LIMITED(2), Fault.SERVER_ERROR(503, acted=True)],
    ids=["reset", "limited", "503"],
)
async def test_the_picture_is_posted_once_despite_faults(
    tmp_path: Path, method: str, fault: Any
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await a_response_falls_due(tale)
        tale.sandbox.faults.add(method, fault)
        tale.clock.set(tale.clock.now().replace(day=10))
        await tale.waits_for("SELECT 1 FROM outbox WHERE kind = 'digest_picture'")
        await tale.recovers()
        assert len(pictures(tale)) == 1


@pytest.mark.thorough
async def test_a_digest_without_the_upload_scope_has_no_picture(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running():
        await a_response_falls_due(tale)
        slack = tale.sandbox._slack
        scopes = (slack.rights.scopes or frozenset()) - {"files:write"}
        slack.rights = replace(slack.rights, scopes=scopes)
        await tale.forward(hours=24)
        assert "First responses kept" in digest(tale).plain()
        assert pictures(tale) == []
        assert tale.rows("SELECT kind FROM outbox WHERE state != 'sent'") == []


@pytest.mark.thorough
async def test_a_restart_posts_no_second_picture(tmp_path: Path) -> None:
    async with story(tmp_path) as tale:
        async with tale.running():
            await a_response_falls_due(tale)
            await tale.forward(hours=24)
        async with tale.running():
            await tale.forward(hours=1)
            assert len(pictures(tale)) == 1
