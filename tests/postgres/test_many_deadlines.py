"""Tests that two replica processes send each ping once although a replica is killed or frozen.

Deadlines fall due in sequence in the meantime. The expected pings are worked out here from
the posts alone: "critical within 2 hours", around the clock, a warning at three quarters, and a
message to the managers at the breach.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.runtime import open_runtime
from bot.settings import Settings
from bot.slack_ts import MessageTs
from bot.usecases.tickets.triage.severity import decide_severity
from tests.crash.harness.bot_processes import BotProcesses, bot_processes
from tests.crash.harness.world import World, world
from tests.judge.sample_desk import ACME, DANA, PLANS, furnish
from tests.judge.slack_messages import ShownInSlack, ShownPing
from tests.stores import POSTGRESQL, rows, server

DEADLINES = int(os.environ.get("DESKBELL_REPLICA_DEADLINES", "60"))
STOP_SECONDS = float(os.environ.get("DESKBELL_STOP_SECONDS", "6"))  # of real time
STOPPED_FOR = timedelta(seconds=90)  # by the clock: three times the lease of a message
APART = timedelta(seconds=90) / DEADLINES  # the deadlines fall due throughout the standstill
TARGET = timedelta(hours=2)
PATIENCE_SECONDS = 60.0 + DEADLINES / 5
STEP_SECONDS = 0.02

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.parametrize("chosen_store", [POSTGRESQL], indirect=True),
]


class Replicas:
    """Two replicas; a fault kills or freezes the first."""

    def __init__(self, bots: BotProcesses, at: World) -> None:
        self._at = at
        self.unlucky, self.lucky = (
            bots.start_bot(at.directory, at.environment, clock_stands=True) for _ in range(2)
        )

    def end(self) -> None:
        for pid in (self.unlucky, self.lucky):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    async def rest(self) -> None:
        """Wait until all work is done, while the clock runs: the leases of a killed replica end
        after half a minute.
        """
        begun = time.monotonic()
        while not await self._at.is_settled():
            assert time.monotonic() - begun < PATIENCE_SECONDS, await self._at.what_is_stuck()
            await self._advance_slowly(STEP_SECONDS)

    async def advance(self, by: timedelta) -> None:
        """Advance the clock by `by`, in small steps."""
        until = self._at.clock.now() + by
        while self._at.clock.now() < until:
            await self._advance_slowly(STEP_SECONDS)

    async def _advance_slowly(self, seconds: float) -> None:
        begun = time.monotonic()
        await asyncio.sleep(seconds)
        passed = (time.monotonic() - begun) / STOP_SECONDS * STOPPED_FOR
        self._at.clock.set(self._at.clock.now() + passed)


@asynccontextmanager
async def two_replicas(
    bots: BotProcesses, directory: Path
) -> AsyncIterator[tuple[World, Replicas]]:
    async with server().prepared() as template:
        await furnish(template)
        async with world(bots, directory, template) as at:
            replicas = Replicas(bots, at)
            try:
                await at.sandbox.wait_connected(timeout=30)
                yield at, replicas
            finally:
                replicas.end()


BadLuck = Callable[[int], AbstractContextManager[None]]


@contextmanager
def killed(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGKILL)
    yield


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    yield
    os.kill(pid, signal.SIGCONT)


async def post_for_everybody(at: World, replicas: Replicas) -> list[str]:
    """Let the people post a request each, in sequence; return the messages' `ts`."""
    posted = []
    for number in range(DEADLINES):
        person = at.sandbox.add_user(f"Person {number}")
        at.sandbox.join(person, ACME.channel)
        posted.append(await at.sandbox.post(person, ACME.channel, f"Request {number}"))
        at.clock.set(at.clock.now() + APART)
    await replicas.rest()
    return posted


async def make_all_critical(at: World) -> dict[str, str]:
    """Make every ticket critical; return the `ts` of its first message by key."""
    url = at.environment["DATABASE_URL"]
    settings = Settings(_env_file=None, database_url=url, deskbell_catalog=(str(PLANS),))
    opened_by = dict(rows(url, "SELECT 'ACME-' || number, thread_ts FROM tickets"))
    async with open_runtime(settings, at.clock) as opened:
        for key in opened_by:
            async with opened.write() as desk:
                await decide_severity(desk, key, UserId(DANA), "critical")
    return opened_by


def expected(keys: dict[str, str]) -> set[ShownPing]:
    """Return each deadline's pings: a warning and a breach, in triage and to the account engineer,
    and the breach to the managers.
    """
    steps = [(place, step) for place in ("triage", DANA) for step in ("warning", "due")]
    return {
        ShownPing(key, place, "first_response", step, _second(MessageTs.parse(ts).instant + TARGET))
        for key, ts in keys.items()
        for place, step in [*steps, ("managers", "breach")]
    }


def _second(instant: datetime) -> datetime:
    return datetime.fromtimestamp(int(instant.timestamp()), UTC)


async def shown(at: World) -> ShownInSlack:
    case = await at.case()
    return ShownInSlack(case.messages, case.direct, case.ledger)


@pytest.mark.parametrize("bad_luck", [killed, stopped], ids=lambda fault: fault.__name__)
async def test_each_ping_is_sent_once(tmp_path: Path, bad_luck: BadLuck) -> None:
    with bot_processes() as bots:
        async with two_replicas(bots, tmp_path) as (at, replicas):
            posted = await post_for_everybody(at, replicas)
            keys = await make_all_critical(at)
            assert sorted(keys.values()) == sorted(posted)
            at.clock.set(MessageTs.parse(posted[-1]).instant + TARGET * 0.75)
            await replicas.rest()
            at.clock.set(MessageTs.parse(posted[0]).instant + TARGET - timedelta(seconds=15))
            await replicas.advance(timedelta(seconds=30))
            with bad_luck(replicas.unlucky):
                await replicas.advance(STOPPED_FOR)
            await replicas.rest()

            seen, wanted = await shown(at), expected(keys)
            assert {ping: n for ping, n in seen.pings.items() if n != 1} == {}
            assert set(seen.pings) <= wanted
            lacking = Counter(ping.place for ping in wanted - set(seen.pings))
            # Pings sent together are a single message, which counts the pings that do not fit.
            assert lacking == seen.left_out
            assert "triage" not in lacking
