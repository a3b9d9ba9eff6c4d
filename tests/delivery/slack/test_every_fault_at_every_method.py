"""Every fault of the sandbox at every method that the bot calls: what is owed stands once."""

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
    FAULTS,
    ONCE,
    POST,
    a_ticket_falls_due,
    patiently,
    said,
)
from tests.stores import SQLITE, chosen
from tests.story import PATIENCE_SECONDS, Story, story

pytestmark = pytest.mark.thorough

ROOMS = ("bot/delivery/slack", "handlers", "scheduler")
FILES = 3
UPLOADS = {"files.getUploadURLExternal", "files.completeUploadExternal"}
AT_THE_START = {"apps.connections.open", "auth.test"}
REVOKED = "a revoked token"
EVERY_FAULT = FAULTS | {
    "fatal_error after the deed": Fault.ERROR("fatal_error", acted=True),
    "hang before": Fault.HANG_BEFORE,
    "hang after": Fault.HANG_AFTER,
}


def methods() -> list[str]:
    """Those of the Web API that the code calls, by what it says: a new one is in the matrix."""
    house = Path(__file__).parents[3]
    files = [file for room in ROOMS for file in (house / room).rglob("*.py")]
    called = {
        node.attr
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
    }
    api = dict(inspect.getmembers(AsyncWebClient, inspect.iscoroutinefunction))
    del api["api_call"]  # what they all go through
    found = {name.replace("_", ".") for name in called & set(api) if "_" in name}
    if "files.upload.v2" in found:  # it stands for three calls
        found = found - {"files.upload.v2"} | UPLOADS
    return sorted(found)


ALL = [
    pytest.param(method, fault, id=f"{method}-{name}")
    for method in methods()
    for name, fault in EVERY_FAULT.items()
    # With a token that is refused at the start, the bot does not start: tests/app/test_outages.py.
    if not (method in AT_THE_START and name == REVOKED)
]
# What follows from a fault is the store's least part: there, each method has a few, each fault too.
# Of so many faults one is tried in `make check`; `make soak` tries each.
SHARE = int(os.environ.get("DESKBELL_FAULT_SHARE", "2" if chosen() == SQLITE else "4"))
MATRIX = ALL[::SHARE]


def test_the_matrix_has_the_methods_that_speak_and_look() -> None:
    assert {POST, "chat.update", "chat.delete", "conversations.history", "views.open"} < set(
        methods()
    )


@pytest.mark.parametrize(("method", "fault"), MATRIX)
async def test_what_is_owed_stands_once(tmp_path: Path, method: str, fault: Any) -> None:
    async with story(tmp_path) as tale, hanging_ends(tale):
        if method in AT_THE_START:
            tale.sandbox.faults.add(method, fault)
        group = tale.sandbox.put_user_group([tale.dana])
        async with tale.running(deskbell_staff_group=group):
            if method not in AT_THE_START:
                tale.sandbox.faults.add(method, fault, times=2)
            answers_get_lost(tale, method)
            await a_ticket_falls_due(tale)
            await a_duplicate_is_withdrawn(tale)
            await gestures(tale)
            if method == "views.publish":
                await a_home_is_looked_at(tale)
            await the_group_is_read(tale)
            await a_file_is_named(tale)
            if method == "conversations.info":
                await a_channel_is_asked_about(tale)
            if method in UPLOADS:
                await a_digest_is_drawn(tale)

            assert tale.sandbox.calls(method)  # else: which story has the bot call it?
            found = said(tale)
            mirrors = {key: found.pop(key) for key in list(found) if key.startswith("mirror:")}
            digests = {key: found.pop(key) for key in list(found) if key.startswith("digest:")}
            assert set(digests.values()) <= {1}
            assert found == ONCE
            assert list(mirrors.values()) == [1] * FILES
            assert tale.rows("SELECT key, error FROM outbox WHERE state != 'sent'") == []


@asynccontextmanager
async def hanging_ends(tale: Story) -> AsyncIterator[None]:
    """A call that hangs does so for a moment, and not for the ten seconds that are allowed."""

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


def answers_get_lost(tale: Story, method: str) -> None:
    """So that the bot looks: in the client's thread, and at the top of the triage channel."""
    if not method.startswith("conversations."):
        return
    faults = tale.sandbox.faults
    faults.add(POST, Fault.RESET_AFTER, when=lambda call: bool(call.get("thread_ts")))
    faults.add(POST, Fault.RESET_AFTER, when=lambda call: not call.get("thread_ts"))


async def a_duplicate_is_withdrawn(tale: Story) -> None:
    """A sender that was frozen in its call has said the triage card a second time."""
    assert tale.bot is not None
    client = AsyncWebClient(token=tale.sandbox.bot_token, base_url=tale.sandbox.api_url)
    [(mark,)] = tale.rows("SELECT mark FROM outbox WHERE key = 'triage-card:1'")
    late = await client.chat_postMessage(
        channel=tale.triage, text="The card", metadata=metadata(mark)
    )
    assert said(tale)["triage-card:1"] == 2
    withdrawal = Withdrawal("triage-card:1", mark, late["ts"], tale.clock.now())
    place = Channel(ChannelId(tale.triage))
    async with tale.bot.runtime.write() as desk:
        await desk.work.outbox.say(Outgoing("withdrawal:1:1", place, withdrawal))
    await patiently(tale)


async def gestures(tale: Story) -> None:
    """A dialog that opens or does not, and a refusal that is read or is not: nothing is owed."""
    guest = tale.sandbox.add_user("A guest in our workspace")
    tale.sandbox.join(guest, tale.triage)
    for person in (tale.dana, guest):
        for _ in range(3):
            await tale.sandbox.press(person, tale.triage, triage_card_ts(tale), "reply")
    await patiently(tale)


async def a_home_is_looked_at(tale: Story) -> None:
    """It is published at one of the next looks."""
    await tale.sandbox.open_home(tale.dana)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while tale.sandbox.home(tale.dana) is None:
            await asyncio.sleep(0.05)
            tale.clock.advance(timedelta(seconds=1))
    await patiently(tale)


async def a_channel_is_asked_about(tale: Story) -> None:
    """What Slack does not say of a channel is refused in a sentence, and asked again it is done."""
    ours = tale.sandbox.add_channel("ours", members=[tale.mo])
    said = []
    for _ in range(3):
        answer = await tale.sandbox.command(tale.mo, ours, "/desk", "subscribe ACME")
        said.append(str(dict(answer.ack_payload).get("text", "")))
    assert said[-1] == "This channel reads the digest of ACME each morning."
    assert set(said) <= {said[-1], "Slack does not say what channel this is: please try again."}


async def the_group_is_read(tale: Story) -> None:
    """Once a minute; what fails is read again, and nobody is taken off the list meanwhile."""
    assert tale.bot is not None
    assert tale.bot.staff_group is not None
    for _ in range(3):
        with suppress(*CALL_ERRORS):
            await tale.bot.staff_group.read()
    async with tale.bot.runtime.read() as desk:
        assert len(await desk.work.staff.all()) == 3


async def a_file_is_named(tale: Story) -> None:
    """Or is not: what came with it is said all the same."""
    channel, ts = tale.rows("SELECT channel_id, thread_ts FROM tickets")[0]
    [ann] = [one.user or "" for one in tale.sandbox.messages(channel) if one.ts == ts]
    for number in range(FILES):
        words = f"See picture {number}"
        await tale.sandbox.post(ann, channel, words, thread_ts=ts, files=[{"name": "a.png"}])
        await patiently(tale)
        tale.clock.advance(timedelta(minutes=1))


async def a_digest_is_drawn(tale: Story) -> None:
    """The next mornings': each has one picture in its thread."""
    [(ts,)] = tale.rows("SELECT thread_ts FROM tickets")
    channel = tale.rows("SELECT channel_id FROM tickets")[0][0]
    await tale.sandbox.post(tale.dana, channel, "We are on it", thread_ts=ts)
    await patiently(tale)
    for _ in range(2):
        tale.clock.advance(timedelta(days=1))
        await patiently(tale)
    pictures = [one for one in tale.sandbox.all_messages() if one.files and one.bot_id]
    digests = [str(ts) for (ts,) in tale.rows("SELECT sent_ts FROM outbox WHERE kind = 'digest'")]
    assert sorted(str(one.thread_ts) for one in pictures) == sorted(digests)
    assert digests


def triage_card_ts(tale: Story) -> str:
    [(ts,)] = tale.rows("SELECT sent_ts FROM outbox WHERE key = 'triage-card:1'")
    return str(ts)
