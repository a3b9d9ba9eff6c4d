"""Runs the real bot with the sandbox, a real database, and a clock that the story moves."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import Deskbell, deskbell
from bot.cli.operations.manifest import app_manifest
from bot.domain.ids import UserId
from bot.domain.ticket_events import RecordedEvent
from bot.sandbox import DeliveryFault, Limits, Message, Sandbox, View
from bot.settings import RunSettings
from bot.time_source import ManualTimeSource, TimeSource
from bot.usecases.access import ticket_by_key
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from bot.usecases.tickets.ticket_views import view_all_tickets
from bot.views.tickets.ticket_json import ticket_line
from tests.pages import free_port, until_answered
from tests.serving import serving
from tests.stores import database, rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # 10:00 in Karachi, within every coverage
PATIENCE_SECONDS = 30.0  # of real time, enough for a busy machine
OWED = "outbox WHERE state NOT IN ('sent', 'failed')"
FIRST_IN_ITS_CHANNEL = (  # the instants until which the first unclaimed messages wait
    f"SELECT not_before FROM {OWED} AND lease_until IS NULL"  # noqa: S608 (no user input)
    f" AND id IN (SELECT MIN(id) FROM {OWED} GROUP BY channel)"
)


class Story:
    """The vendor's people are Dana (engineer), Eli (engineer) and Mo (manager)."""

    def __init__(self, clock: ManualTimeSource, sandbox: Sandbox, database_url: str) -> None:
        self.clock = clock
        self.bot_clock: TimeSource = clock  # another clock if the machine's clock is wrong
        self.sandbox = sandbox
        self.database_url = database_url
        self.port = 0  # of the request URL, if Slack sends events by HTTP
        self.dana = sandbox.add_user("Dana")
        self.eli = sandbox.add_user("Eli")
        self.mo = sandbox.add_user("Mo")
        staff = [self.dana, self.eli, self.mo]
        self.triage = sandbox.add_channel("triage", members=staff)
        self.managers = sandbox.add_channel("managers", members=[self.mo])
        self.bot: Deskbell | None = None
        self._serving: asyncio.Task[None] | None = None

    def settings(self, **changed: Any) -> RunSettings:
        given: dict[str, Any] = {
            "slack_bot_token": self.sandbox.bot_token,
            "slack_app_token": self.sandbox.app_token,
            "slack_api_url": self.sandbox.api_url,
            "port": 0,
            "database_url": self.database_url,
            "deskbell_catalog": ("ecosire", "ecotone"),
            "deskbell_triage_channel": self.triage,
            "deskbell_managers_channel": self.managers,
            "deskbell_time_zone": "Asia/Karachi",
        }
        if self.port:
            secret = self.sandbox.signing_secret
            given |= {"slack_app_token": "", "slack_signing_secret": secret, "port": self.port}
        return RunSettings(_env_file=None, **(given | changed))

    @asynccontextmanager
    async def running(self, **changed: Any) -> AsyncIterator[Deskbell]:
        """Run the bot, connected to Slack; the end of the block stops it as SIGTERM does."""
        async with deskbell(
            self.settings(**changed),
            self.bot_clock,
            pace_seconds=0,
            look_again_after=timedelta(0),
        ) as self.bot:
            async with self.bot.runtime.write() as desk:
                for user, role, name in (
                    (self.dana, "engineer", "Dana"),
                    (self.eli, "engineer", "Eli"),
                    (self.mo, "manager", "Mo"),
                ):
                    await add_staff(desk, UserId(user), role, name)
            async with serving(self.bot) as self._serving:
                if self.port:
                    await until_answered(self.port, "/readyz", 200)
                else:
                    await self.sandbox.wait_connected(timeout=10)
                # From here on, only the story starts a backfill.
                await self.bot._backfiller.has_caught_up.wait()
                yield self.bot

    async def add_client(
        self,
        name: str = "Acme",
        plan: str = "standard",
        *,
        engineer: str | None = None,
        in_slack: bool = True,
        terms: str = "",
    ) -> tuple[str, str]:
        """Add a client with a person; return the channel ("" without Slack) and the person."""
        team = self.sandbox.add_team(name)
        person = self.sandbox.add_user(f"Ann of {name}", team=team)
        members = [person, self.dana, self.eli]
        channel = ""
        if in_slack:
            channel = self.sandbox.add_channel(name.lower(), members=members, shared_with=team)
        await self.becomes_client(name, channel, plan, engineer=engineer, terms=terms)
        return channel, person

    async def becomes_client(
        self,
        name: str,
        channel: str,
        plan: str = "standard",
        *,
        engineer: str | None = None,
        terms: str = "",
    ) -> None:
        """Add a client with an existing channel, as an operator does."""
        new = NewClient(name, name.upper(), plan, channel or None, engineer, None, terms)
        assert self.bot is not None
        async with self.bot.runtime.write() as desk:
            await add_client(desk, new)

    async def settle(self) -> None:
        """Let the bot finish all work that it can do now; deliveries held back stay held."""
        assert self.bot is not None
        assert self._serving is not None
        if self._serving.done():
            self._serving.result()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._is_delivering() or _handlers_at_work():  # noqa: ASYNC110 (no event)
                await asyncio.sleep(0.002)
            await self.bot.settle()

    def _is_delivering(self) -> bool:
        return self.sandbox.undelivered > self.sandbox.deliveries.held

    async def forward(self, **by: float) -> None:
        """Let time pass (the arguments are those of `timedelta`), and let the bot do due work."""
        self.clock.advance(timedelta(**by))
        await self.settle()

    async def recovers(self) -> None:
        """Let time pass until every waiting message is sent, after a fault of Slack has ended."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.rows(f"SELECT 1 FROM {OWED}"):  # noqa: S608 (no user input)
                waits = self.rows(FIRST_IN_ITS_CHANNEL)
                if (
                    waits
                    and (until := EPOCH + timedelta(microseconds=min(waits)[0])) > self.clock.now()
                ):
                    self.clock.set(until)
                await asyncio.sleep(0.01)
        await self.settle()

    async def at(self, instant: datetime) -> None:
        """Let time pass until an instant, and let the bot do due work."""
        self.clock.set(instant)
        await self.settle()

    async def says(self, user: str, channel: str, text: str, **more: Any) -> str:
        """Post as this user, let the bot handle the message, and return its `ts`."""
        ts: str = await self.sandbox.post(user, channel, text, **more)
        await self.settle()
        return ts

    async def many_say(self, channel: str, count: int) -> list[str]:
        """Let `count` people post a request each; return the messages' `ts`."""
        posted = []
        for number in range(1, count + 1):
            person = self.sandbox.add_user(f"Person {number}")
            self.sandbox.join(person, channel)
            posted.append(await self.sandbox.post(person, channel, f"Request {number}"))
        await self.settle()
        return posted

    async def presses(
        self, user: str, message: Message, action_id: str, value: str | None = None
    ) -> None:
        await self.sandbox.press(user, message.channel, message.ts, action_id, value=value)
        await self.settle()

    async def presses_on_screen(
        self, user: str, shown: Message, action_id: str, value: str | None = None
    ) -> None:
        """Press a button of an older version of a message, which is still on the screen."""
        place, blocks = (shown.channel, shown.ts), shown.blocks
        await self.sandbox.press(user, *place, action_id, value=value, blocks=blocks)
        await self.settle()

    async def asks(self, user: str, words: str) -> str:
        """Type `/desk …` in the triage channel, and return the text of the answer."""
        return str((await self.asks_whole(user, words)).get("text", ""))

    async def asks_whole(self, user: str, words: str) -> dict[str, Any]:
        """Type `/desk …` in the triage channel, and return the whole answer."""
        answer = await self.sandbox.command(user, self.triage, "/desk", words)
        await self.settle()
        assert answer.error is None
        return dict(answer.ack_payload)

    async def fills_in(self, user: str, **given: Any) -> dict[str, str]:
        """Submit the open dialog; return its errors by field, {} if it closes."""
        view = self.sandbox.views_open(user)[-1]
        values: dict[str | tuple[str, str], Any] = dict(given.items())
        done = await self.sandbox.submit(user, view.view_id, values)
        await self.settle()
        return dict(done.errors)

    async def replies(self, user: str, words: str) -> dict[str, str]:
        """Fill in the reply dialog and confirm its preview; return the errors by field."""
        errors = await self.fills_in(user, words=words)
        return errors or await self.fills_in(user)

    async def twice(self, user: str, view: View, given: Mapping[str, Any]) -> None:
        """Submit the same dialog twice at the same time."""
        values: dict[str | tuple[str, str], Any] = dict(given.items())
        sends = (self.sandbox.submit(user, view, values) for _ in range(2))
        await asyncio.gather(*sends)
        await self.settle()

    def hold_back(self, events: int) -> None:
        """Hold back the next `events` messages until `delivered_newest_first`."""
        self.sandbox.deliveries.add(DeliveryFault.HOLD, of="message", times=events)

    async def delivered_newest_first(self) -> None:
        """Deliver the messages held back, the newest first, since Slack keeps no order."""
        while self.sandbox.deliveries.held:
            self.sandbox.deliveries.release(lambda held: held[-1:])
            await self.settle()

    def thread(self, channel: str, ts: str) -> list[Message]:
        return self.sandbox.messages(channel, thread_ts=ts)

    def client_card(self, channel: str, ts: str) -> Message:
        """Return the only card in the thread of a client's message."""
        [card] = [card for card in self.thread(channel, ts) if card.plain().startswith("We have")]
        return card

    def triage_cards(self) -> list[Message]:
        return [card for card in self.sandbox.messages(self.triage) if not card.is_reply]

    def triage_card(self, key: str) -> Message:
        [card] = [card for card in self.triage_cards() if f"*{key}*" in card.plain()]
        return card

    def pings_in_triage(self, key: str) -> list[str]:
        """Return the messages in the thread of the ticket's triage card."""
        return [ping.plain() for ping in self.thread(self.triage, self.triage_card(key).ts)]

    def pings_to(self, user: str) -> list[str]:
        """Return the direct messages to a person."""
        return [ping.plain() for ping in self.sandbox.direct_messages(user)]

    def said_to_managers(self) -> list[str]:
        return [message.plain() for message in self.sandbox.messages(self.managers)]

    def whispers(self, user: str) -> list[str]:
        """Return the messages that only this person can see."""
        return [whisper.plain() for whisper in self.sandbox.ephemerals(user)]

    def because(self, ts: str) -> str:
        """Return the recorded reason why a message belongs to a ticket or to no ticket."""
        [words] = self._column("SELECT because FROM messages WHERE ts = ?", ts)
        return words

    def kept_text(self, ts: str) -> str:
        """Return the stored text of a message."""
        [words] = self._column("SELECT text FROM messages WHERE ts = ?", ts)
        return words

    def delivered(self) -> list[str]:
        """Return the outcome of each delivery from Slack, in order of arrival."""
        return self._column("SELECT outcome FROM inbox ORDER BY id")

    def _column(self, query: str, *values: str) -> list[str]:
        return [str(row[0]) for row in self.rows(query, *values)]

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return the rows of a query to the database."""
        return rows(self.database_url, query, *values)

    def key_of(self, message: Message) -> str:
        """Return the idempotency key of a message of the bot."""
        mark = (message.metadata or {})["event_payload"]["key"]
        [key] = self._column("SELECT key FROM outbox WHERE mark = ?", mark)
        return key

    async def waits_for(self, query: str) -> None:
        """Let the bot work until a query finds a row."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self.rows(query):  # noqa: ASYNC110 (the store has no event for it)
                await asyncio.sleep(0.01)

    async def history(self, key: str) -> list[RecordedEvent]:
        assert self.bot is not None
        async with self.bot.runtime.read() as desk:
            return await desk.work.history.of((await ticket_by_key(desk, key)).id)

    async def tickets(self) -> dict[str, dict[str, Any]]:
        """Return every ticket by key, as `deskbell export tickets --json` prints it."""
        assert self.bot is not None
        async with self.bot.runtime.read() as desk:
            lines = [ticket_line(ticket_view) for ticket_view in await view_all_tickets(desk)]
        return {line["key"]: line for line in lines}


@asynccontextmanager
async def story(
    directory: Path,
    start: datetime = MONDAY,
    *,
    hears_all: bool = False,
    limits: Mapping[str, Any] | None = None,
    by_http: bool = False,
) -> AsyncIterator[Story]:
    """Yield a story with a new workspace and database, in which the bot does not run yet.

    The app has the permissions and events of its manifest, or all if it `hears_all`. With `limits`
    (arguments of `bot.sandbox.Limits`) Slack applies rate limits, by the story's clock. With
    `by_http` Slack sends events to a request URL, and repeats them within fractions of a second.
    """
    clock = ManualTimeSource(start)
    limited = limits is not None and Limits(lambda: clock.now().timestamp(), **limits)
    port = free_port() if by_http else 0
    door: dict[str, Any] = {
        "request_url": f"http://127.0.0.1:{port}/slack/events",
        "retry_seconds": (0, 0.1, 0.1),
        "delayed_seconds": (0.1,) * 100,
    }
    async with (
        database(directory) as url,
        Sandbox(
            clock,
            rate_limits=limited,
            ack_seconds=PATIENCE_SECONDS,
            manifest=None if hears_all else app_manifest(),
            **(door if by_http else {}),
        ) as sandbox,
    ):
        tale = Story(clock, sandbox, url)
        tale.port = port
        yield tale


def _handlers_at_work() -> bool:
    """Whether a handler of the bot still runs, as some do after their acknowledgement."""
    running = (str(task.get_coro()) for task in asyncio.all_tasks())
    return any("run_ack_function_asynchronously" in coroutine for coroutine in running)
