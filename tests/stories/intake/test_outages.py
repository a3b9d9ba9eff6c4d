"""Outages of the bot, its sockets or the Web API, from ten seconds to twenty-six hours.

The desk finds everything that people did meanwhile, repeats no message, and agrees with the judge.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path

import pytest

from bot.app import Deskbell
from bot.cli.operations.manifest import app_manifest
from bot.delivery.slack import socket
from bot.sandbox import DeliveryFault, Fault, Sandbox
from bot.time_source import ManualTimeSource
from tests import ids
from tests.judge.at_work import PATIENCE_SECONDS, at_rest, at_work, delivered
from tests.judge.judge import case_of, differences
from tests.judge.ledger import Deed, Look, Rest
from tests.judge.sample_desk import (
    ACME,
    BETA,
    DANA,
    ELI,
    GOLD,
    MONDAY,
    add_people,
    furnish,
    ledger_of,
)
from tests.judge.store import stored
from tests.stores import Asking, asking, database
from tests.story import EPOCH, FIRST_IN_ITS_CHANNEL, OWED

pytestmark = [pytest.mark.both_stores, pytest.mark.thorough]

DUE = MONDAY + timedelta(hours=2)  # of Acme's critical ticket
GIVEN_UP = timedelta(minutes=6)  # Slack's last attempt is after five minutes
LENGTHS = [
    timedelta(seconds=10),
    timedelta(minutes=4),
    timedelta(hours=3),
    timedelta(hours=26),
]
ALL = 1_000_000


class Day:
    """A desk with an urgent ticket whose deadline is within an outage."""

    def __init__(self, clock: ManualTimeSource, sandbox: Sandbox, url: str, ask: Asking) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.ledger = ledger_of()
        self.people = add_people(sandbox)
        self.ledger.keep(sandbox)
        self.ledger.entries.append(Rest(clock.now()))
        self._url = url
        self._ask = ask
        self._bot: Deskbell | None = None
        self._at_work = AsyncExitStack()

    async def starts(self) -> None:
        self._bot = await self._at_work.enter_async_context(
            at_work(self.sandbox, self.clock, self._url)
        )

    async def stops(self) -> None:
        await self._at_work.aclose()
        self._bot = None

    async def posts(self, who: str, channel: str, words: str, root: str | None = None) -> str:
        ts: str = await self.sandbox.post(who, channel, words, thread_ts=root)
        await self.works_as_it_can()
        return ts

    async def finishes_its_work(self) -> None:
        """Let the bot finish its work, and record that it has."""
        assert self._bot is not None
        await at_rest(self.sandbox, self._bot)
        self.ledger.entries.append(Rest(self.clock.now()))

    async def works_as_it_can(self) -> None:
        """Let the bot, if it runs, handle deliveries and due timers; its messages may fail."""
        if self._bot is None:
            return
        await delivered(self.sandbox)
        self._bot.runtime.on_armed(EPOCH)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._undone():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.005)
        self.ledger.entries.append(Look(self.clock.now()))

    async def _undone(self) -> bool:
        now = (self.clock.now() - EPOCH) // timedelta(microseconds=1)
        queries = (
            "inbox WHERE done_at IS NULL",
            f"timers WHERE fired_at IS NULL AND due_at <= {now}",
        )
        return any([await self._ask(f"SELECT 1 FROM {table}") for table in queries])  # noqa: S608

    async def at(self, instant: datetime) -> None:
        self.clock.set(instant)
        await self.works_as_it_can()

    async def recovers(self) -> None:
        """Let time pass until every waiting message is sent."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await self._ask(f"SELECT 1 FROM {OWED}"):  # noqa: S608 (no user input)
                if waits := await self._ask(FIRST_IN_ITS_CHANNEL):
                    until = EPOCH + timedelta(microseconds=min(waits)[0])
                    self.clock.set(max(until, self.clock.now()))
                await asyncio.sleep(0.01)
        await self.finishes_its_work()

    async def differences(self) -> list[str]:
        store = await stored(self._ask)
        return differences(case_of(self.ledger, self.sandbox, store, self.clock.now()))


Outage = Callable[[Day, timedelta], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def the_process_is_gone(day: Day, length: timedelta) -> AsyncIterator[None]:
    async with _deliveries_are_late_or_lost(day, length):
        await day.stops()
        yield
    await day.starts()
    day.sandbox.deliveries.release()


@asynccontextmanager
async def the_sockets_are_broken(day: Day, length: timedelta) -> AsyncIterator[None]:
    async with _deliveries_are_late_or_lost(day, length):
        day.sandbox.faults.add("apps.connections.open", Fault.SERVER_ERROR(503), times=None)
        await day.sandbox.drop_sockets(abruptly=True)
        yield
        day.sandbox.faults.clear()
    await day.sandbox.wait_connected(timeout=30)
    day.sandbox.deliveries.release()


@asynccontextmanager
async def the_web_api_fails(day: Day, _: timedelta) -> AsyncIterator[None]:
    """Calls fail in turn before and after Slack has acted, with the same response."""
    turns, fail = cycle((True, False, False)), day.sandbox.faults.add
    fail("*", Fault.SERVER_ERROR(503, acted=True), times=None, when=lambda _: next(turns))
    fail("*", Fault.SERVER_ERROR(503), times=None)
    yield
    day.sandbox.faults.clear()


@asynccontextmanager
async def _deliveries_are_late_or_lost(day: Day, length: timedelta) -> AsyncIterator[None]:
    fault = DeliveryFault.HOLD if length < GIVEN_UP else DeliveryFault.LOSE
    day.sandbox.deliveries.add(fault, times=ALL)
    yield
    day.sandbox.deliveries.clear()


@pytest.fixture(autouse=True)
def _retry_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "RETRY_SECONDS", 0.1)
    monkeypatch.setattr(socket, "WATCH_SECONDS", 0.05)


@pytest.mark.parametrize("length", LENGTHS, ids=str)
@pytest.mark.parametrize(
    "outage",
    [the_process_is_gone, the_sockets_are_broken, the_web_api_fails],
    ids=lambda outage: outage.__name__,
)
async def test_events_during_an_outage_are_found_and_answered_once(
    tmp_path: Path, outage: Outage, length: timedelta
) -> None:
    clock = ManualTimeSource(MONDAY)
    async with (
        database(tmp_path) as url,
        asking(url) as ask,
        Sandbox(
            clock, rate_limits=False, ack_seconds=PATIENCE_SECONDS, manifest=app_manifest()
        ) as sandbox,
    ):
        await furnish(url)
        day = Day(clock, sandbox, url, ask)
        await day.starts()
        try:
            await _play(day, outage, length)
        finally:
            await day.stops()
        assert await day.differences() == []


async def _play(day: Day, outage: Outage, length: timedelta) -> None:
    begins = max(DUE - length / 2, MONDAY + timedelta(minutes=20))
    [ann, bob], [bea, _], [gil, _] = (day.people[client.key] for client in (ACME, BETA, GOLD))
    urgent = await day.posts(ann, ACME.channel, "Our server is down")
    waiting = await day.posts(gil, GOLD.channel, "The mail is slow")
    await day.finishes_its_work()
    for channel, root, severity in (
        (ACME.channel, urgent, "critical"),
        (GOLD.channel, waiting, "high"),
    ):
        await _triages(day, channel, root, severity)
    await day.finishes_its_work()
    day.clock.set(max(MONDAY + timedelta(minutes=15), begins - timedelta(minutes=1)))
    await day.finishes_its_work()

    day.clock.set(begins)
    async with outage(day, length):
        await day.at(begins + length * 0.2)
        await day.posts(bob, ACME.channel, "Nobody can print")
        await day.posts(DANA, GOLD.channel, "We are on it", waiting)
        await day.at(begins + length * 0.4)
        late = await day.posts(bea, BETA.channel, "I cannot log in")
        await day.at(begins + length * 0.6)
        await day.sandbox.edit(bea, BETA.channel, late, "I cannot log in any more")
        answered = begins + length * 0.6
        if answered > DUE + timedelta(minutes=1):
            await day.posts(ELI, ACME.channel, "Sorry, we are late", urgent)
        await day.at(begins + length * 0.8)
        await day.posts(gil, GOLD.channel, "It is worse now", waiting)
        await day.at(begins + length)
    await day.recovers()

    day.clock.set(begins + length + timedelta(minutes=10))
    await day.posts(ELI, ACME.channel, "We have found it", urgent)
    for hours in (1, 5, 20):
        day.clock.set(day.clock.now() + timedelta(hours=hours, minutes=3))
        await day.finishes_its_work()


async def _triages(day: Day, channel: str, root: str, severity: str) -> None:
    cards = day.sandbox.messages(channel, thread_ts=root)
    card = next(card for card in cards if card.bot_id and "Who has it:" in card.plain())
    at = day.clock.now()
    await day.sandbox.press(DANA, card.channel, card.ts, ids.client_severity(severity))
    deed = Deed(at, DANA, "severity", f"{channel}:{root}", severity)
    day.ledger.entries.append(deed)
