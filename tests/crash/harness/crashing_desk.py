"""A workspace whose bot runs in another process, crashes at a point and is restarted."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bot.sandbox import Sandbox
from tests.crash.harness.bot_processes import BotProcesses
from tests.crash.harness.control import EPOCH, Control
from tests.judge.ledger import Ledger, Look, Rest
from tests.judge.sample_desk import DIGEST_AT, MANAGERS, PLANS, TRIAGE, add_people, ledger_of
from tests.stores import Asking

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
STUCK_SECONDS = 0.3  # of real time without progress, after which the clock is moved past the leases
LOOK_SECONDS = 0.01
A_LITTLE = timedelta(milliseconds=1)  # so that timers due at a minute are due at the rest
OWED = "outbox WHERE state NOT IN ('sent', 'failed')"


class CrashingDesk:
    """A workspace on loopback whose bot is restarted after a crash.

    The clock stands still until `forward`.
    """

    def __init__(
        self,
        bots: BotProcesses,
        sandbox: Sandbox,
        directory: Path,
        url: str,
        asks: Asking,
        *,
        port: int | None,
    ) -> None:
        self.sandbox = sandbox
        self.directory = directory
        self.clock: Control = sandbox._slack.clock  # type: ignore[assignment]
        self.ledger: Ledger = ledger_of()
        self.people = add_people(sandbox)
        self.ledger.keep(sandbox)
        self.ledger.entries.append(Rest(self.clock.now()))
        self.crash_point = ("commit", "", 0)
        self.crashes = 0
        self.lease_wait = timedelta(minutes=1)  # the clock is moved by this much past leases
        self._bots = bots
        self._url = url
        self._is_shared = not url.startswith("sqlite")
        self._asks = asks
        self._port = port
        self._pid: int | None = None
        self._away = True

    @property
    def environment(self) -> dict[str, str]:
        how = (
            {"SLACK_APP_TOKEN": self.sandbox.app_token}
            if self._port is None
            else {"SLACK_SIGNING_SECRET": self.sandbox.signing_secret, "PORT": str(self._port)}
        )
        return how | {
            "HOST": "127.0.0.1",
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_API_URL": self.sandbox.api_url,
            "DATABASE_URL": self._url,
            "DESKBELL_CATALOG": str(PLANS),
            "DESKBELL_TRIAGE_CHANNEL": TRIAGE,
            "DESKBELL_MANAGERS_CHANNEL": MANAGERS,
            "DESKBELL_DIGEST_TIME": DIGEST_AT,
            "DESKBELL_TIME_ZONE": "Asia/Karachi",
        }

    def start(self) -> None:
        """Start a bot that crashes at the chosen point, if the point has not been reached yet."""
        kind, when, number = self.crash_point
        self._pid = self._bots.start_bot(
            self.directory,
            self.environment,
            kind=kind,
            when=when,
            number=number,
            clock_stands=True,
        )
        self._away = False

    async def has_started(self) -> None:
        """Wait until the bot has read the channels' history, the last step of its start."""
        await self._finds("SELECT 1 FROM backfills WHERE read_until IS NOT NULL")

    async def has_on_record(self, ts: str) -> None:
        """Wait until a message that nobody will deliver is recorded."""
        await self._finds(f"SELECT 1 FROM messages WHERE ts = '{ts}'")  # noqa: S608 (our own)

    async def _finds(self, query: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self._asks(query):  # noqa: ASYNC110 (another process has no event)
                await asyncio.sleep(LOOK_SECONDS)

    def kill(self) -> None:
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)

    async def leave(self) -> None:
        """Kill the bot and start no other."""
        self._away = True
        self.kill()
        await self.eventually(lambda: not self.is_alive)

    @property
    def is_alive(self) -> bool:
        if self._pid is None:
            return False
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def start_again_when_dead(self) -> None:
        """Restart the bot whenever it has crashed, until cancelled."""
        while True:
            if not self._away and not self.is_alive:
                self.crashes += 1
                self.start()
            await asyncio.sleep(LOOK_SECONDS)

    async def eventually(self, check: Callable[[], T]) -> T:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (result := check()):  # noqa: ASYNC110 (another process has no event)
                await asyncio.sleep(LOOK_SECONDS)
            return result

    # Time.

    async def settle(self) -> None:
        """Wait until all current work is done, and record the rest in the ledger."""
        begun = moved = time.monotonic()
        while not await self.is_settled():
            await asyncio.sleep(LOOK_SECONDS)
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise AssertionError(await self.what_is_stuck())
            if self.crashes and time.monotonic() - moved > STUCK_SECONDS:
                if await self._waits_for_the_clock():
                    self.ledger.entries.append(Look(self.clock.now()))
                    self.clock.set(self.clock.now() + self.lease_wait + A_LITTLE)
                moved = time.monotonic()
        self.ledger.entries.append(Rest(self.clock.now()))

    async def is_settled(self) -> bool:
        """Check the stages of the work in their order."""
        undone = (
            "inbox WHERE done_at IS NULL",
            f"timers WHERE fired_at IS NULL AND due_at <= {self._microseconds}",
            OWED,
        )
        if self.sandbox.undelivered:
            return False
        for where in undone:
            if await self._asks(f"SELECT 1 FROM {where}"):  # noqa: S608 (no user input)
                return False
        return True

    async def _waits_for_the_clock(self) -> bool:
        """Return whether work waits for a lease that a crashed bot holds on a shared store, since
        leases end with time.
        """
        now = self._microseconds
        later = f"(lease_until > {now} OR not_before > {now})"
        leased = f"SELECT 1 FROM {OWED} AND {later}"  # noqa: S608 (no user input)
        return self._is_shared and bool(await self._asks(leased))

    @property
    def _microseconds(self) -> int:
        return (self.clock.now() - EPOCH) // timedelta(microseconds=1)

    async def what_is_stuck(self) -> str:
        log = (self.directory / "log").read_text()[-3000:]
        unsent = await self._asks("SELECT * FROM outbox WHERE state != 'sent'")
        unworked = await self._asks("SELECT * FROM inbox WHERE done_at IS NULL")
        lost = self.sandbox.undelivered
        return f"never settled, undelivered: {lost}, unworked: {unworked}, unsent: {unsent}\n{log}"

    async def forward(self, **by: float) -> None:
        """Advance the clock by whole minutes and let the bot handle due timers."""
        self.pass_time(**by)
        await self.settle()

    def pass_time(self, **by: float) -> None:
        self.clock.set(self.clock.now() + timedelta(**by) + A_LITTLE)
