"""Tests that each message is sent once despite every fault at every method of the bot."""

import ast
import asyncio
import inspect
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.classify_error import CALL_ERRORS
from bot.delivery.slack.lookup import metadata
from bot.domain.destinations import Channel
from bot.domain.ids import ChannelId
from bot.domain.messages import Outgoing
from bot.domain.operations.messages import Withdrawal
from bot.sandbox import Fault
from tests.delivery.slack.test_each_message_once import (
    EXPECTED,
    FAULTS,
    POST,
    let_a_ticket_become_due,
    messages_by_key,
    settle_patiently,
)
from tests.stores import SQLITE, chosen
from tests.story import PATIENCE_SECONDS, Story, story

pytestmark = pytest.mark.thorough

ROOMS = ("bot/delivery/slack", "handlers", "scheduler")
FILES = 3
UPLOADS = {"files.getUploadURLExternal", "files.completeUploadExternal"}
CALLED_AT_START = {"apps.connections.open", "auth.test"}
REVOKED = "a revoked token"
EVERY_FAULT = FAULTS | {
    "fatal_error after the deed": Fault.ERROR("fatal_error", acted=True),
    "hang before": Fault.HANG_BEFORE,
    "hang after": Fault.HANG_AFTER,
}


def methods() -> list[str]:
    """Return the methods of the Web API that the code calls, so that the matrix has new methods."""
    repository = Path(__file__).parents[3]
    files = [file for room in ROOMS for file in (repository / room).rglob("*.py")]
    called = {
        node.attr
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
    }
    api = dict(inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction))
    del api["api_call"]  # all methods call it
    names = {name.replace("_", ".") for name in called & set(api) if "_" in name}
    if "files.upload.v2" in names:  # it stands for three calls
        names = names - {"files.upload.v2"} | UPLOADS
    return sorted(names)


CASES = [
    pytest.param(method, fault, id=f"{method}-{name}")
    for method in methods()
    for name, fault in EVERY_FAULT.items()
    # The bot does not start with a token that is refused at the start: tests/app/test_outages.py.
    if not (method in CALLED_AT_START and name == REVOKED)
]
# `make check` tries every SHARE-th fault, and fewer on PostgreSQL, because the store hardly matters
# here; `make soak` tries each fault.
SHARE = int(os.environ.get("DESKBELL_FAULT_SHARE", "2" if chosen() == SQLITE else "4"))
MATRIX = CASES[::SHARE]


def test_the_matrix_has_the_methods_for_messages_lookups_and_dialogs() -> None:
    assert {POST, "chat.update", "chat.delete", "conversations.history", "views.open"} < set(
        methods()
    )


@pytest.mark.parametrize(("method", "fault"), MATRIX)
async def test_each_message_is_sent_once_despite_the_fault(
    tmp_path: Path, method: str, fault: Any
) -> None:
    async with story(tmp_path) as tale, hanging_calls_end(tale):
        if method in CALLED_AT_START:
            tale.sandbox.faults.add(method, fault)
        group = tale.sandbox.put_user_group([tale.dana])
        async with tale.running(deskbell_staff_group=group):
            if method not in CALLED_AT_START:
                tale.sandbox.faults.add(method, fault, times=2)
            lose_responses(tale, method)
            await let_a_ticket_become_due(tale)
            await withdraw_a_duplicate(tale)
            await press_buttons(tale)
            if method == "views.publish":
                await open_the_app_home(tale)
            await read_the_staff_group(tale)
            await post_files(tale)
            if method == "conversations.info":
                await subscribe_a_channel(tale)
            if method in UPLOADS:
                await draw_digests(tale)

            assert tale.sandbox.calls(method)  # if not, add a story in which the bot calls it
            counts = messages_by_key(tale)
            mirrors = {key: counts.pop(key) for key in list(counts) if key.startswith("mirror:")}
            digests = {key: counts.pop(key) for key in list(counts) if key.startswith("digest:")}
            assert set(digests.values()) <= {1}
            assert counts == EXPECTED
            assert list(mirrors.values()) == [1] * FILES
            assert tale.rows("SELECT key, error FROM outbox WHERE state != 'sent'") == []


@asynccontextmanager
async def hanging_calls_end(tale: Story) -> AsyncIterator[None]:
    """End hanging calls after a moment instead of the ten seconds that are allowed."""

    async def release() -> None:
        while True:
            await asyncio.sleep(0.2)
            tale.sandbox.faults.release()

    releasing = asyncio.create_task(release())
    try:
        yield
    finally:
        releasing.cancel()
        with suppress(asyncio.CancelledError):
            await releasing


def lose_responses(tale: Story, method: str) -> None:
    """Lose responses so that the bot looks messages up, in the client's thread and in triage."""
    if not method.startswith("conversations."):
        return
    faults = tale.sandbox.faults
    faults.add(POST, Fault.RESET_AFTER, when=lambda call: bool(call.get("thread_ts")))
    faults.add(POST, Fault.RESET_AFTER, when=lambda call: not call.get("thread_ts"))


async def withdraw_a_duplicate(tale: Story) -> None:
    """Withdraw a second triage card, which a sender posted that was frozen in its call."""
    assert tale.bot is not None
    client = AsyncWebClient(token=tale.sandbox.bot_token, base_url=tale.sandbox.api_url)
    [(mark,)] = tale.rows("SELECT mark FROM outbox WHERE key = 'triage-card:1'")
    duplicate = await client.chat_postMessage(
        channel=tale.triage, text="The card", metadata=metadata(mark)
    )
    assert messages_by_key(tale)["triage-card:1"] == 2
    withdrawal = Withdrawal("triage-card:1", mark, duplicate["ts"], tale.clock.now())
    place = Channel(ChannelId(tale.triage))
    async with tale.bot.runtime.write() as desk:
        await desk.work.outbox.say(Outgoing("withdrawal:1:1", place, withdrawal))
    await settle_patiently(tale)


async def press_buttons(tale: Story) -> None:
    """Press buttons that open a dialog and buttons that are refused; neither uses the outbox."""
    guest = tale.sandbox.add_user("A guest in our workspace")
    tale.sandbox.join(guest, tale.triage)
    for person in (tale.dana, guest):
        for _ in range(3):
            await tale.sandbox.press(person, tale.triage, triage_card_ts(tale), "reply")
    await settle_patiently(tale)


async def open_the_app_home(tale: Story) -> None:
    """Open the App Home until it is published."""
    await tale.sandbox.open_home(tale.dana)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while tale.sandbox.home(tale.dana) is None:
            await asyncio.sleep(0.05)
            tale.clock.advance(timedelta(seconds=1))
    await settle_patiently(tale)


async def subscribe_a_channel(tale: Story) -> None:
    """Subscribe a channel; while Slack does not answer, the person is asked to try again."""
    ours = tale.sandbox.add_channel("ours", members=[tale.mo])
    answers = []
    for _ in range(3):
        answer = await tale.sandbox.command(tale.mo, ours, "/desk", "subscribe ACME")
        answers.append(str(dict(answer.ack_payload).get("text", "")))
    assert answers[-1] == "This channel reads the digest of ACME each morning."
    assert set(answers) <= {
        answers[-1],
        "Slack does not say what channel this is: please try again.",
    }


async def read_the_staff_group(tale: Story) -> None:
    """Read the user group of the staff; a failed read removes nobody from the staff."""
    assert tale.bot is not None
    assert tale.bot.staff_group is not None
    for _ in range(3):
        with suppress(*CALL_ERRORS):
            await tale.bot.staff_group.read()
    async with tale.bot.runtime.read() as desk:
        assert len(await desk.work.staff.all()) == 3


async def post_files(tale: Story) -> None:
    """Post messages with a file; each message is mirrored, with or without the file's name."""
    channel, ts = tale.rows("SELECT channel_id, thread_ts FROM tickets")[0]
    [ann] = [post.user or "" for post in tale.sandbox.messages(channel) if post.ts == ts]
    for number in range(FILES):
        words = f"See picture {number}"
        await tale.sandbox.post(ann, channel, words, thread_ts=ts, files=[{"name": "a.png"}])
        await settle_patiently(tale)
        tale.clock.advance(timedelta(minutes=1))


async def draw_digests(tale: Story) -> None:
    """Let the digests of two mornings be sent; each has a single picture in its thread."""
    [(ts,)] = tale.rows("SELECT thread_ts FROM tickets")
    channel = tale.rows("SELECT channel_id FROM tickets")[0][0]
    await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
    await settle_patiently(tale)
    for _ in range(2):
        tale.clock.advance(timedelta(days=1))
        await settle_patiently(tale)
    pictures = [post for post in tale.sandbox.all_messages() if post.files and post.bot_id]
    digests = [str(ts) for (ts,) in tale.rows("SELECT sent_ts FROM outbox WHERE kind = 'digest'")]
    assert sorted(str(post.thread_ts) for post in pictures) == sorted(digests)
    assert digests


def triage_card_ts(tale: Story) -> str:
    [(ts,)] = tale.rows("SELECT sent_ts FROM outbox WHERE key = 'triage-card:1'")
    return str(ts)
