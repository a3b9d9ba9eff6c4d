"""Tests that a replica frozen during a send (SIGSTOP) posts nothing twice when it resumes.

The lease is shortened from half a minute to two seconds; everything else is as in production.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import deskbell
from bot.runtime import open_runtime
from bot.sandbox import Sandbox
from bot.settings import RunSettings
from bot.time_source import SystemTimeSource
from tests.postgres import one_replica
from tests.postgres.slow_line import SlowLine, slow_line
from tests.serving import serving
from tests.storage.desk_rows import text_message
from tests.stores import rows, server

POST, OPEN = "chat.postMessage", "conversations.open"
LEASE_SECONDS = 2.0


class Scene:
    """A workspace and a database; a replica behind a slow line, and another replica beside it."""

    def __init__(self, sandbox: Sandbox, line: SlowLine, url: str, directory: Path) -> None:
        self.sandbox = sandbox
        self.line = line
        self.dana = sandbox.add_user("Dana")
        self.triage = sandbox.add_channel("triage", members=[self.dana])
        self._url = url
        self._directory = directory
        self._managers = sandbox.add_channel("managers", members=[self.dana])

    def settings(self, api_url: str) -> RunSettings:
        return RunSettings(
            _env_file=None,
            slack_bot_token=self.sandbox.bot_token,
            slack_app_token=self.sandbox.app_token,
            slack_api_url=api_url,
            database_url=self._url,
            deskbell_triage_channel=self.triage,
            deskbell_managers_channel=self._managers,
        )

    async def queue_message(self, key: str, channel: str) -> None:
        async with (
            open_runtime(self.settings(self.sandbox.api_url)) as opened,
            opened.write() as desk,
        ):
            await desk.work.outbox.say(text_message(key, channel))

    @contextmanager
    def replica_behind_line(self) -> Iterator[subprocess.Popen[bytes]]:
        given = self.settings(self.line.url).model_dump(exclude_unset=True)
        environment = {name.upper(): str(value) for name, value in given.items()}
        with (self._directory / "log").open("wb") as log:
            replica = subprocess.Popen(
                [sys.executable, "-m", one_replica.__name__, str(LEASE_SECONDS)],
                env=os.environ | environment,
                stderr=log,
            )
        try:
            yield replica
        finally:
            replica.kill()
            replica.wait()

    @asynccontextmanager
    async def replica_beside_line(self) -> AsyncIterator[None]:
        async with (
            deskbell(
                self.settings(self.sandbox.api_url),
                lease=timedelta(seconds=LEASE_SECONDS),
                pace_seconds=0,
                look_again_after=timedelta(seconds=0.1),
            ) as bot,
            serving(bot),
        ):
            yield

    def times_shown(self, text_message: str) -> int:
        """Return how many of the messages with these words are not deleted."""
        messages = self.sandbox.all_messages()
        return sum(text_message in message.plain() for message in messages if not message.deleted)

    def times_posted(self, text_message: str) -> int:
        """Return how often the words were posted, including deleted messages."""
        return sum(text_message in str(call.args["text"]) for call in self.sandbox.calls(POST))

    def is_settled(self) -> bool:
        return not rows(self._url, "SELECT 1 FROM outbox WHERE state != 'sent'")

    def log(self) -> str:
        return (self._directory / "log").read_text()


@asynccontextmanager
async def replica_frozen_in(method: str, directory: Path, channel_of: str) -> AsyncIterator[Scene]:
    """Freeze a replica in a call of this method until the other replica has posted the words; the
    block runs while it is still frozen.
    """
    async with (
        server().prepared() as url,
        Sandbox(SystemTimeSource(), rate_limits=False) as sandbox,
        slow_line(sandbox.api_url, holds=method) as line,
    ):
        scene = Scene(sandbox, line, url, directory)
        with scene.replica_behind_line() as replica:
            await scene.queue_message("the words", getattr(scene, channel_of))
            async with asyncio.timeout(30):
                await line.held.wait()
            os.kill(replica.pid, signal.SIGSTOP)
            async with scene.replica_beside_line():
                await eventually(scene.is_settled)
                assert scene.times_shown("the words") == 1
            os.kill(replica.pid, signal.SIGCONT)
            yield scene


@pytest.mark.parametrize(
    "answered",
    [True, pytest.param(False, marks=pytest.mark.thorough)],
    ids=["answered", "and the answer is lost"],
)
async def test_a_message_that_reaches_slack_late_is_deleted_by_its_sender(
    tmp_path: Path, *, answered: bool
) -> None:
    async with replica_frozen_in(POST, tmp_path, "triage") as scene:
        scene.line.release(answered=answered)
        await eventually(lambda: scene.times_posted("the words") == 2)
        await eventually(lambda: scene.sandbox.calls("chat.delete") and scene.is_settled())
        assert scene.times_shown("the words") == 1
        assert "withdrew a message that stood twice" in scene.log()


@pytest.mark.thorough
async def test_a_replica_that_resumes_before_the_call_does_not_make_it(tmp_path: Path) -> None:
    async with replica_frozen_in(OPEN, tmp_path, "dana") as scene:
        scene.line.release(answered=True)
        await eventually(lambda: "somebody else has this message by now" in scene.log())
        assert scene.times_posted("the words") == 1
        assert scene.is_settled()


async def eventually(check: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not check():  # noqa: ASYNC110 (other processes have no event to wait for)
            await asyncio.sleep(0.02)
