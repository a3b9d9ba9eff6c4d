"""A desk whose bot may be killed at any moment and is restarted, and the checks at the end."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.ids import UserId
from bot.runtime import open_runtime
from bot.sandbox import Message, Sandbox
from bot.settings import Settings
from bot.time_source import SystemTimeSource
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from tests.crash.harness.control import Control

TRIAGE, MANAGERS, ACME = "C0TRIAGE", "C0MANAGERS", "C0ACME"
DANA, MO = "U0DANA", "U0MO"
ROOT = Path(__file__).parents[3]
CRITICAL = timedelta(hours=2)  # Enterprise: "2-hour SLA for critical incidents", around the clock
PATIENCE_SECONDS = 60  # a lease of thirty seconds, two looks, and a slow machine
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class BotProcesses:
    """Starts bots, each in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.crash_runner"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start_bot(
        self,
        directory: Path,
        environment: dict[str, str],
        *,
        kind: str = "commit",
        when: str = "",
        number: int = 0,
        clock_stands: bool = False,
    ) -> int:
        """Start a bot that dies `when` ("before" or "after") it reaches a point, return its pid."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {
            "directory": str(directory),
            "environment": environment,
            "kind": kind,
            "when": when,
            "number": number,
            "clock_stands": clock_stands,
        }
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=10)


@contextmanager
def bot_processes() -> Iterator[BotProcesses]:
    opened = BotProcesses()
    try:
        yield opened
    finally:
        opened.close()


async def prepare_database(path: Path) -> None:
    """Prepare a desk with a client on the Enterprise plan and its account engineer."""
    settings = Settings(_env_file=None, database_url=f"sqlite+aiosqlite:///{path}")
    async with open_runtime(settings) as opened, opened.write() as desk:
        await add_client(desk, NewClient("Acme", "ACME", "enterprise", ACME, UserId(DANA), None))
        await add_staff(desk, UserId(DANA), "engineer", "Dana")
        await add_staff(desk, UserId(MO), "manager", "Mo")


class Desk:
    """A workspace on loopback in this process, and a bot that is restarted in another process."""

    def __init__(self, bots: BotProcesses, sandbox: Sandbox, directory: Path) -> None:
        self.sandbox = sandbox
        self.directory = directory
        self.control = Control(directory / "control", datetime.now(UTC))
        acme = sandbox.add_team("Acme")
        self.ann = sandbox.add_user("Ann", team=acme)
        sandbox.add_user("Dana", user_id=DANA)
        sandbox.add_user("Mo", user_id=MO)
        sandbox.add_channel("triage", members=[DANA, MO], channel_id=TRIAGE)
        sandbox.add_channel("managers", members=[MO], channel_id=MANAGERS)
        sandbox.add_channel("acme", members=[self.ann, DANA], shared_with=acme, channel_id=ACME)
        self.crashes = 0
        self._bots = bots
        self._pid: int | None = None

    @property
    def environment(self) -> dict[str, str]:
        later = datetime.now(UTC) + timedelta(hours=12)  # no digest during the test
        return {
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "PORT": "0",
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.directory / 'desk.db'}",
            "DESKBELL_TRIAGE_CHANNEL": TRIAGE,
            "DESKBELL_MANAGERS_CHANNEL": MANAGERS,
            "DESKBELL_DIGEST_TIME": later.strftime("%H:%M"),
        }

    def start(self, when: str = "", commit: int = 0) -> None:
        self.control.counting = True
        self._pid = self._bots.start_bot(
            self.directory, self.environment, when=when, number=commit and self.commits + commit
        )

    def kill(self) -> None:
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    async def wait_until_dead(self) -> None:
        """Wait until the bot's process has ended."""
        await eventually(lambda: not self.is_alive)

    @property
    def is_alive(self) -> bool:
        if self._pid is None:
            return False
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def commits(self) -> int:
        """Return the number of commits that all bots have begun."""
        return self.control.passed("commit")

    async def start_again_when_dead(self) -> None:
        """Restart the bot whenever it has crashed, until cancelled."""
        while True:
            if not self.is_alive:
                self.crashes += 1
                self.start()
            await asyncio.sleep(0.02)

    async def press(self, person: str, card: Message, action_id: str) -> None:
        """Press a button, and press again if Slack reports that the app did not answer."""
        for _ in range(20):
            done = await self.sandbox.press(person, card.channel, card.ts, action_id)
            if done.acked:
                return
            await self.sandbox.wait_connected()
        raise AssertionError("nobody answers the button")

    def cards(self) -> list[Message]:
        """Return the bot's messages in the client's channel."""
        return [
            message
            for message in self.sandbox.all_messages()
            if message.channel == ACME and message.bot_id
        ]

    def messages_in(self, channel: str) -> list[Message]:
        return [message for message in self.sandbox.all_messages() if message.channel == channel]

    def rows(self, question: str, *values: object) -> list[Any]:
        """Return rows of the store."""
        with closing(sqlite3.connect(self.directory / "desk.db")) as connection:
            return connection.execute(question, values).fetchall()

    def is_settled(self) -> bool:
        """Return whether all deliveries are handled, due timers fired and the outbox sent."""
        now = (datetime.now(UTC) - EPOCH) // timedelta(microseconds=1)
        unworked = self.rows("SELECT 1 FROM inbox WHERE done_at IS NULL")
        due = self.rows("SELECT 1 FROM timers WHERE fired_at IS NULL AND due_at <= ?", now)
        # Read last: handling deliveries and timers adds messages to the outbox.
        unsent = self.rows("SELECT 1 FROM outbox WHERE state != 'sent'")
        return not (unsent or unworked or due or self.sandbox.undelivered)

    async def settle(self) -> None:
        try:
            await eventually(self.is_settled)
        except TimeoutError:
            log = (self.directory / "log").read_text()[-3000:]
            unsent = self.rows("SELECT * FROM outbox WHERE state != 'sent'")
            raise AssertionError(f"never settled, unsent: {unsent}\n{log}") from None


@asynccontextmanager
async def desk(bots: BotProcesses, directory: Path, template: Path) -> AsyncIterator[Desk]:
    """Yield a desk in a directory, on a copy of a prepared database; its last bot is killed."""
    shutil.copy(template, directory / "desk.db")
    clock = SystemTimeSource()
    async with Sandbox(clock, rate_limits=False, ack_seconds=2, retry_seconds=[0.1] * 50) as box:
        opened = Desk(bots, box, directory)
        try:
            yield opened
        finally:
            opened.kill()
            await opened.wait_until_dead()


async def eventually(check: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not check():  # noqa: ASYNC110 (another process has no event to wait for)
            await asyncio.sleep(0.02)
