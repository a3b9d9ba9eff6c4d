"""Tests that a busy `python -m bot run` stops within ten seconds: work in progress ends, no new
work is accepted, in any state of Slack.
"""

import asyncio
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli.operations.manifest import app_manifest
from bot.sandbox import Fault, Message, Sandbox
from bot.time_source import SystemTimeSource
from tests import ids
from tests.crash.harness.bot_processes import ROOT, eventually
from tests.judge.sample_desk import (
    ACME,
    BETA,
    CLIENTS,
    DANA,
    GOLD,
    MANAGERS,
    PLANS,
    TRIAGE,
    add_people,
)
from tests.pages import free_port
from tests.stores import copied, rows

POST, LOOK_UPS = "chat.postMessage", ("conversations.history", "conversations.replies")
TAKEN_UP = "SELECT 1 FROM messages WHERE ticket_id IS NOT NULL"
POSTS = 240
TEN_SECONDS = 10
UNSETTLED = (
    "SELECT 1 FROM inbox WHERE done_at IS NULL",
    "SELECT 1 FROM outbox WHERE state NOT IN ('sent', 'failed')",
)


class Scene:
    """A workspace on loopback, and `deskbell run` in its own process on the machine's clock."""

    def __init__(self, sandbox: Sandbox, url: str, port: int | None) -> None:
        self.sandbox = sandbox
        self.url = url
        self.people = add_people(sandbox)
        self._port = port
        self._process: asyncio.subprocess.Process | None = None

    @property
    def environment(self) -> dict[str, str]:
        way_in = (
            {"SLACK_APP_TOKEN": self.sandbox.app_token, "PORT": "0"}
            if self._port is None
            else {"SLACK_SIGNING_SECRET": self.sandbox.signing_secret, "PORT": str(self._port)}
        )
        return way_in | {
            "HOST": "127.0.0.1",
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": self.url,
            "DESKBELL_CATALOG": str(PLANS),
            "DESKBELL_TRIAGE_CHANNEL": TRIAGE,
            "DESKBELL_MANAGERS_CHANNEL": MANAGERS,
        }

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=ROOT,
            env=os.environ | self.environment,
            stderr=asyncio.subprocess.PIPE,
        )

    async def wait_until_serving(self) -> None:
        await self.start()
        await (self._listens() if self._port else self.sandbox.wait_connected(timeout=30))

    async def _listens(self) -> None:
        async with asyncio.timeout(30):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                except OSError:
                    await asyncio.sleep(0.02)
                else:
                    return writer.close()

    def send_signal(self, what: signal.Signals = signal.SIGTERM) -> None:
        assert self._process is not None
        self._process.send_signal(what)

    async def exit_code_and_output(self) -> tuple[int | None, str]:
        """Return the exit code and the output."""
        assert self._process is not None
        _, output = await self._process.communicate()
        return self._process.returncode, output.decode()

    async def assert_stops(self) -> None:
        """Stop the process and assert a clean exit."""
        begun = time.monotonic()
        self.send_signal()
        code, output = await self.exit_code_and_output()
        assert (code, "Traceback" in output) == (0, False), output
        assert time.monotonic() - begun < TEN_SECONDS

    async def kill_process(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()

    async def wait_until_settled(self) -> None:
        await eventually(lambda: not self.sandbox.undelivered)
        await eventually(lambda: not any(self.rows(query) for query in UNSETTLED))

    def rows(self, query: str) -> list[Any]:
        return rows(self.url, query)

    def tickets(self) -> int:
        return len(self.rows("SELECT 1 FROM tickets"))

    def bot_messages_in(self, *channels: str) -> list[Message]:
        every = self.sandbox.all_messages()
        return [message for message in every if message.channel in channels and message.bot_id]


@asynccontextmanager
async def scene(directory: Path, furnished: str, *, by_http: bool = False) -> AsyncIterator[Scene]:
    port = free_port() if by_http else None
    async with (
        copied(furnished, directory) as url,
        Sandbox(
            SystemTimeSource(),
            rate_limits=False,
            retry_seconds=[0.1] * 100,
            request_url=f"http://127.0.0.1:{port}/slack/events" if by_http else None,
            manifest=app_manifest(),
        ) as box,
    ):
        opened = Scene(box, url, port)
        try:
            yield opened
        finally:
            await opened.kill_process()


@pytest.mark.thorough
@pytest.mark.both_stores
async def test_a_bot_stopped_under_load_loses_and_duplicates_nothing(
    furnished: str, tmp_path: Path
) -> None:
    async with scene(tmp_path, furnished) as at:
        people = [
            (client.channel, person) for client in CLIENTS for person in at.people[client.key]
        ]
        await at.wait_until_serving()
        for number in range(POSTS):
            channel, person = people[number % len(people)]
            await at.sandbox.post(person, channel, f"Request {number}")
            await asyncio.sleep(0.005)
            if number == POSTS // 2:
                await eventually(lambda: at.rows(TAKEN_UP))
                at.send_signal()
        code, output = await at.exit_code_and_output()
        assert (code, "Traceback" in output) == (0, False), output
        kept = len(at.rows(TAKEN_UP))

        await at.wait_until_serving()
        await at.wait_until_settled()
        await at.assert_stops()

        assert 0 < kept < POSTS == len(at.rows(TAKEN_UP))
        assert at.tickets() == len(people)
        client_messages = at.bot_messages_in(*(client.channel for client in CLIENTS))
        cards = [message for message in client_messages if message.is_reply]
        assert len(cards) == len(people)
        assert len(
            [message for message in at.bot_messages_in(TRIAGE) if message.thread_ts is None]
        ) == len(people)


@pytest.mark.thorough
async def test_a_call_answered_in_time_needs_no_check_afterwards(
    furnished: str, tmp_path: Path
) -> None:
    async with scene(tmp_path, furnished) as at:
        at.sandbox.faults.add(POST, Fault.SLOW(2), times=None)
        await at.wait_until_serving()
        await at.sandbox.post(at.people["ACME"][0], ACME.channel, "Our server is down")
        await eventually(lambda: at.bot_messages_in(ACME.channel))
        await at.assert_stops()

        at.sandbox.faults.clear()
        await at.wait_until_serving()
        await at.wait_until_settled()
        read = [call for method in LOOK_UPS for call in at.sandbox.calls(method)]
        assert [call for call in read if "include_all_metadata" in call.args] == []
        assert len(at.bot_messages_in(ACME.channel)) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("fault", [Fault.HANG_BEFORE, Fault.HANG_AFTER])
async def test_a_bot_stops_within_ten_seconds_while_slack_hangs(
    furnished: str, tmp_path: Path, fault: Any
) -> None:
    async with scene(tmp_path, furnished) as at:
        await at.wait_until_serving()
        await at.sandbox.post(at.people["GOLD"][0], GOLD.channel, "A question")
        await eventually(lambda: at.bot_messages_in(GOLD.channel))
        at.sandbox.faults.add("*", fault, times=None)
        await at.sandbox.post(at.people["ACME"][0], ACME.channel, "Our server is down")
        await eventually(lambda: at.tickets() == 2)
        stopping = asyncio.create_task(at.assert_stops())
        await asyncio.sleep(0.5)
        await at.sandbox.post(at.people["BETA"][0], BETA.channel, "And ours")
        await stopping
        assert at.tickets() == 2

        at.sandbox.faults.clear()
        at.sandbox.faults.release()
        await at.wait_until_serving()
        await at.wait_until_settled()
        assert at.tickets() == 3
        assert [len(at.bot_messages_in(client.channel)) for client in (ACME, BETA, GOLD)] == [
            1,
            1,
            1,
        ]


@pytest.mark.thorough
async def test_a_bot_stops_while_it_still_asks_slack_for_its_identity(
    furnished: str, tmp_path: Path
) -> None:
    async with scene(tmp_path, furnished) as at:
        at.sandbox.faults.add("*", Fault.HANG_BEFORE, times=None)
        await at.start()
        await eventually(lambda: at.sandbox.calls("auth.test"))
        await at.assert_stops()


@pytest.mark.thorough
async def test_a_second_signal_ends_the_bot_at_once(furnished: str, tmp_path: Path) -> None:
    async with scene(tmp_path, furnished) as at:
        await at.wait_until_serving()
        at.sandbox.faults.add(POST, Fault.HANG_BEFORE, times=None)
        await at.sandbox.post(at.people["ACME"][0], ACME.channel, "Our server is down")
        await eventually(lambda: at.sandbox.calls(POST))
        at.send_signal()
        await asyncio.sleep(0.5)
        begun = time.monotonic()
        at.send_signal(signal.SIGINT)
        code, _ = await at.exit_code_and_output()
        assert code == -signal.SIGINT
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "by_http", [False, pytest.param(True, marks=pytest.mark.thorough)], ids=["socket", "http"]
)
async def test_a_press_before_the_stop_is_handled_and_a_later_press_is_not(
    furnished: str, tmp_path: Path, by_http: bool
) -> None:
    """The database is busy at the stop and for a while afterwards."""
    if not furnished.startswith("sqlite"):
        pytest.skip("this file is what the test keeps busy")
    async with scene(tmp_path, furnished, by_http=by_http) as at:
        await at.wait_until_serving()
        await at.sandbox.post(at.people["ACME"][0], ACME.channel, "Our server is down")
        await eventually(lambda: at.bot_messages_in(TRIAGE))
        await at.wait_until_settled()
        [card] = at.bot_messages_in(TRIAGE)
        with closing(sqlite3.connect(at.url.partition("///")[2])) as busy:
            busy.execute("BEGIN IMMEDIATE")
            pressing = asyncio.create_task(at.sandbox.press(DANA, TRIAGE, card.ts, ids.TAKE))
            await asyncio.sleep(0.5)
            stopping = asyncio.create_task(at.assert_stops())
            await asyncio.sleep(0.3)
            await at.sandbox.post(at.people["BETA"][0], BETA.channel, "And ours")
            await asyncio.sleep(0.3)
            busy.rollback()
        assert (await pressing).acked
        await stopping
        assert at.rows("SELECT assignee FROM tickets") == [(DANA,)]
        assert at.rows("SELECT DISTINCT lane FROM inbox") == [(ACME.channel,)]
