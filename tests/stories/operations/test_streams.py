"""Random days of many clients, with late, repeated and reordered events, against the judge."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.app import Deskbell
from bot.cli.operations.manifest import app_manifest
from bot.sandbox import DeliveryFault, Fault, Sandbox
from bot.slack_ts import MessageTs
from bot.time_source import ManualTimeSource
from tests import ids
from tests.judge.at_work import PATIENCE_SECONDS, at_rest, at_work
from tests.judge.judge import case_of, differences
from tests.judge.ledger import Deed, Ledger, Rest, Terms
from tests.judge.sample_desk import (
    DANA,
    ELI,
    MONDAY,
    PLANS,
    add_people,
    furnish,
    ledger_of,
)
from tests.judge.store import stored
from tests.stores import POSTGRESQL, SQLITE, asking, chosen, copied, database

STREAMS = 25  # clients of a desk, each with its own stream
DESKS = {SQLITE: 32, POSTGRESQL: 8}  # a thousand streams in all
SHARE = int(os.environ.get("DESKBELL_STREAMS", DESKS[chosen()] * STREAMS)) // STREAMS
ROUNDS = 12
HOURS = 26
YOUNG = timedelta(hours=2)
APART = timedelta(minutes=12)  # long enough that a post is no follow-up
CLIENTS = tuple(
    Terms(f"C{n}", f"Client {n}", f"C0CLIENT{n}", PLANS, plan, DANA if plan == "swift" else None)
    for n in range(STREAMS)
    for plan in [("swift", "small")[n % 2]]
)
ALL = 1_000_000
Place = tuple[str, str]  # channel, `ts`


class Stream:
    """The random actions of people in the channel of a client."""

    def __init__(self, desk: "Desk", terms: Terms, people: list[str]) -> None:
        self._desk = desk
        self._random = desk.random
        self._terms = terms
        self._people = people
        self._roots: list[tuple[str, str]] = []  # of tickets: `ts` and author
        self._replies: list[tuple[str, str]] = []

    async def act(self) -> None:
        doing = self._random.choices(
            (
                self._posts,
                self._replies_in_a_thread,
                self._staff_answers,
                self._edits,
                self._thanks,
            ),
            weights=(5, 4, 4, 2, 1),
        )
        await doing[0]()

    async def _posts(self) -> None:
        """Post a request, and sometimes an addition to it, which belongs to the same ticket."""
        person = self._random.choice(self._people)
        if self._desk.since_post(self._terms.channel, person) < APART:
            return
        ts = await self._desk.posts(person, self._terms.channel, "Our server is down")
        self._roots.append((ts, person))
        if self._random.random() < 0.3:
            self._desk.clock.advance(timedelta(seconds=self._random.randint(1, 200)))
            more = await self._desk.posts(person, self._terms.channel, "And the printer too")
            place = self._terms.channel
            self._desk.comes_after[place, more] = (place, ts)  # else the addition opens the ticket

    async def _replies_in_a_thread(self) -> None:
        if self._roots:
            root, person = self._random.choice(self._roots)
            words = self._random.choice(("Any news?", "It is worse now", "Still down"))
            ts = await self._desk.posts(person, self._terms.channel, words, thread_ts=root)
            self._replies.append((ts, person))

    async def _staff_answers(self) -> None:
        if self._roots:
            root, _ = self._random.choice(self._roots)
            staff = self._random.choice((DANA, ELI))
            await self._desk.posts(staff, self._terms.channel, "We are on it", thread_ts=root)

    async def _edits(self) -> None:
        if self._replies:
            ts, person = self._random.choice(self._replies)
            words = f"It is worse, {self._random.randint(2, 9)} of us wait"
            await self._desk.sandbox.edit(person, self._terms.channel, ts, words)

    async def _thanks(self) -> None:
        person = self._random.choice(self._people)
        if self._desk.since_post(self._terms.channel, person) >= APART:
            await self._desk.posts(person, self._terms.channel, "Thanks!")

    async def triage(self) -> None:
        """Let Dana give a recent ticket a severity."""
        young = MessageTs.at(self._desk.clock.now() - YOUNG)  # a recorded breach stays
        cards = [
            (message, root)
            for root, _ in self._roots
            if MessageTs.parse(root) > young
            for message in self._desk.sandbox.messages(self._terms.channel, thread_ts=root)
            if message.bot_id and "Who has it:" in message.plain()
        ]
        if cards:
            card, root = self._random.choice(cards)
            severity = self._random.choice(("critical", "high"))
            await self._desk.presses(DANA, card, severity, f"{self._terms.channel}:{root}")


class Desk:
    """A running bot whose message events all wait until they are released."""

    def __init__(self, random: Random, clock: ManualTimeSource, sandbox: Sandbox) -> None:
        self.random = random
        self.clock = clock
        self.sandbox = sandbox
        self.ledger: Ledger = ledger_of(CLIENTS)
        self.ledger.digest_at = None
        self.comes_after: dict[Place, Place] = {}
        self._last: dict[tuple[str, str], Any] = {}
        people = add_people(sandbox, CLIENTS)
        self.ledger.keep(sandbox)
        self.streams = [Stream(self, terms, people[terms.key]) for terms in CLIENTS]
        sandbox.deliveries.add(DeliveryFault.HOLD, of="message", times=ALL)

    def since_post(self, channel: str, person: str) -> timedelta:
        last = self._last.get((channel, person))
        return timedelta.max if last is None else self.clock.now() - last

    async def posts(self, person: str, channel: str, words: str, **more: Any) -> str:
        ts: str = await self.sandbox.post(person, channel, words, **more)
        if not more:
            self._last[channel, person] = MessageTs.parse(ts).instant
        return ts

    async def presses(self, person: str, card: Any, severity: str, ticket: str) -> None:
        at = self.clock.now()
        await self.sandbox.press(person, card.channel, card.ts, ids.client_severity(severity))
        self.ledger.entries.append(Deed(at, person, "severity", ticket, severity))

    async def proceeds(self, bot: Deskbell) -> None:
        """Let people act, let up to four hours pass, and perhaps release some events."""
        random = self.random
        for stream in random.sample(self.streams, STREAMS // 2):
            await stream.act()
        self.clock.advance(timedelta(hours=random.uniform(0, 2 * HOURS / ROUNDS)))
        if random.random() < 0.7:
            self.sandbox.deliveries.release(self.some_events)
            await settled(self, bot)
        if random.random() < 0.4:
            await random.choice(self.streams).triage()
            await settled(self, bot)

    def some_events(self, waiting: list[Any]) -> list[Any]:
        """Choose about half of the waiting events, in any order, and repeat some of them."""
        chosen_events = [event for event in waiting if self.random.random() < 0.5]
        held = {place_of(event) for event in waiting} - {place_of(event) for event in chosen_events}
        chosen_events = [
            event for event in chosen_events if self.comes_after.get(place_of(event)) not in held
        ]
        self.random.shuffle(chosen_events)
        chosen_events += self.random.sample(chosen_events, len(chosen_events) // 4)
        return sorted(chosen_events, key=lambda event: place_of(event) in self.comes_after)


def place_of(payload: Any) -> Place:
    return payload["event"]["channel"], str(payload["event"]["ts"])


async def settled(desk: Desk, bot: Deskbell) -> None:
    await at_rest(desk.sandbox, bot)
    desk.ledger.entries.append(Rest(desk.clock.now()))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Yield the URL of a database with all clients."""
    loop = asyncio.new_event_loop()
    made = database(tmp_path_factory.mktemp("furnished"))
    url = loop.run_until_complete(made.__aenter__())
    loop.run_until_complete(furnish(url, CLIENTS))
    yield url
    loop.run_until_complete(made.__aexit__(None, None, None))
    loop.close()


@pytest.mark.thorough
@pytest.mark.parametrize("seed", range(SHARE))
async def test_a_random_stream_agrees_with_the_judge(
    tmp_path: Path, template: str, seed: int
) -> None:
    """Events are repeated, reordered and delayed by up to 26 hours. In every second stream the desk
    cannot read Slack's histories, where it looks for undelivered events."""
    random = Random(seed if chosen() != POSTGRESQL else seed + ALL)
    clock = ManualTimeSource(MONDAY)
    async with (
        copied(template, tmp_path) as url,
        asking(url) as ask,
        Sandbox(
            clock, rate_limits=False, ack_seconds=PATIENCE_SECONDS, manifest=app_manifest()
        ) as sandbox,
    ):
        desk = Desk(random, clock, sandbox)
        if seed % 2:
            for method in ("conversations.history", "conversations.replies"):
                sandbox.faults.add(method, Fault.ERROR("internal_error"), times=None)
        async with at_work(sandbox, clock, url) as bot:
            for _ in range(ROUNDS):
                await desk.proceeds(bot)
            while sandbox.deliveries.held:
                sandbox.deliveries.release(desk.some_events)
            await settled(desk, bot)
            clock.set(clock.now().replace(second=59, microsecond=999_999))
            await settled(desk, bot)  # the judge counts whole minutes
        case = case_of(desk.ledger, sandbox, await stored(ask), clock.now(), exact=False)
        assert differences(case) == []
