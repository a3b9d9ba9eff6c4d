"""Runs `deskbell run` in its own process under steady load and measures the time to acknowledge,
memory and file descriptors.
"""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from bot.cli.operations.manifest import app_manifest
from bot.domain.ids import UserId
from bot.runtime import open_runtime
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.time_source import SystemTimeSource
from bot.usecases.operations.setup import NewClient, add_client, add_staff

ROOT = Path(__file__).parents[2]
CLIENTS = 10
EVENTS_A_SECOND = 10 * 30_000 / 3600  # ten times the rate at which Slack delivers events to an app
TICKET_EVERY = 101  # messages: a channel takes at most one of the app's messages a second
WARM_UP_SECONDS = 3.0
LOOK_SECONDS = 1.0
WORKED_WITHIN_SECONDS = 5.0
SOAK_SECONDS = 600.0
FLAT = 1.1
_UNWORKED = "SELECT count(*) FROM inbox WHERE done_at IS NULL"


@dataclass(frozen=True)
class Sample:
    """The measurements after `passed` seconds."""

    seconds: float
    memory_bytes: int
    descriptors: int


@dataclass(frozen=True)
class LoadResult:
    events: int
    ack_seconds: list[float]
    samples: list[Sample]

    def ack_percentile(self, percent: int) -> float:
        """Return a percentile of the seconds from sending an event to its acknowledgement."""
        return quantiles(self.ack_seconds, n=100)[percent - 1]

    @property
    def memory_growth(self) -> float:
        """Return the ratio of the last quarter's median to the second quarter's: 1.0 is flat."""
        memory = [sample.memory_bytes for sample in self.samples]
        return self._last_beside_second(memory)

    @property
    def descriptor_growth(self) -> float:
        return self._last_beside_second([sample.descriptors for sample in self.samples])

    def _last_beside_second(self, values: list[int]) -> float:
        quarter = len(values) // 4
        second, last = values[quarter : 2 * quarter], values[-quarter:]
        return sorted(last)[quarter // 2] / sorted(second)[quarter // 2]


async def steady(seconds: float, directory: Path) -> LoadResult:
    """Send `EVENTS_A_SECOND` for `seconds`: follow-ups in ticket threads and some new tickets."""
    async with Sandbox(SystemTimeSource(), rate_limits=False, manifest=app_manifest()) as sandbox:
        people = [sandbox.add_user(f"Person {n}") for n in range(CLIENTS)]
        channels = [sandbox.add_channel(f"client-{n}", members=[p]) for n, p in enumerate(people)]
        environment = await _prepared_database(sandbox, channels, directory)
        async with _running_bot(environment) as process:
            await sandbox.wait_connected(timeout=30)
            measured = await _send_load(sandbox, people, channels, process.pid, seconds)
            await _wait_until_handled(environment["DATABASE_URL"])
            return measured


async def _prepared_database(
    sandbox: Sandbox, channels: list[str], directory: Path
) -> dict[str, str]:
    dana = sandbox.add_user("Dana")
    triage = sandbox.add_channel("triage", members=[dana])
    managers = sandbox.add_channel("managers", members=[dana])
    url = f"sqlite+aiosqlite:///{directory}/steady.db"
    settings = Settings(_env_file=None, database_url=url, deskbell_catalog=("ecosire",))
    async with open_runtime(settings) as opened, opened.write() as desk:
        await add_staff(desk, UserId(dana), "engineer", "Dana")
        for number, channel in enumerate(channels):
            new = NewClient(f"Client {number}", f"C{number}", "standard", channel, None, None)
            await add_client(desk, new)
    return {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": url,
        "DESKBELL_CATALOG": "ecosire",
        "DESKBELL_TRIAGE_CHANNEL": triage,
        "DESKBELL_MANAGERS_CHANNEL": managers,
        "HOST": "127.0.0.1",
        "PORT": "0",
    }


@asynccontextmanager
async def _running_bot(environment: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _send_load(
    sandbox: Sandbox, people: list[str], channels: list[str], pid: int, seconds: float
) -> LoadResult:
    loop = asyncio.get_running_loop()
    roots: dict[int, str] = {}
    samples: list[Sample] = []
    begun, sent = loop.time(), 0
    while (passed := loop.time() - begun) < seconds:
        if passed >= len(samples) * LOOK_SECONDS:
            samples.append(_sample(passed, pid))
        if sent > passed * EVENTS_A_SECOND:
            await asyncio.sleep(1 / EVENTS_A_SECOND)
            continue
        client = sent % CLIENTS
        person, root = people[client], roots.get(client)
        if sent % TICKET_EVERY == 0:
            person, root = sandbox.add_user(f"Newcomer {sent}"), None
            sandbox.join(person, channels[client])
        ts = await sandbox.post(person, channels[client], f"Message {sent}", thread_ts=root)
        roots.setdefault(client, ts)
        sent += 1
    acked = list(sandbox._sockets.acked_after)
    return LoadResult(sent, acked[int(WARM_UP_SECONDS * EVENTS_A_SECOND) :], samples)


async def _wait_until_handled(url: str) -> None:
    """Wait until everything is handled; the desk must keep up with the load."""
    async with asyncio.timeout(WORKED_WITHIN_SECONDS):
        while _count_unhandled(url):  # noqa: ASYNC110 (another process has no event)
            await asyncio.sleep(0.05)


def _count_unhandled(url: str) -> int:
    with closing(sqlite3.connect(str(make_url(url).database))) as connection:
        return int(connection.execute(_UNWORKED).fetchone()[0])


def _sample(passed: float, pid: int) -> Sample:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Sample(passed, pages * os.sysconf("SC_PAGE_SIZE"), open_now)


def main() -> None:
    """Run for ten minutes; fails if memory or file descriptors grow."""
    with TemporaryDirectory() as directory:
        measured = asyncio.run(steady(SOAK_SECONDS, Path(directory)))
    first, last = measured.samples[0], measured.samples[-1]
    print(  # noqa: T201 (this is a command)
        f"{measured.events} events in {last.seconds:.0f} s, acknowledged within"
        f" {measured.ack_percentile(50) * 1000:.1f} ms (half) and"
        f" {measured.ack_percentile(99) * 1000:.1f} ms (99 of 100); memory"
        f" {first.memory_bytes / 1e6:.0f} to {last.memory_bytes / 1e6:.0f} MB, the last quarter"
        f" {measured.memory_growth:.3f} times the second; file descriptors"
        f" {first.descriptors} to {last.descriptors}, {measured.descriptor_growth:.3f} times"
    )
    if max(measured.memory_growth, measured.descriptor_growth) > FLAT:
        sys.exit("Memory or file descriptors grow.")


if __name__ == "__main__":
    main()
