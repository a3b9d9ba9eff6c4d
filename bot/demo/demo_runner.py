"""The simulated Slack, the real bot and the demo's clock in a single process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import Deskbell, deskbell
from bot.demo.evidence import Evidence
from bot.demo.narrator import Narrator
from bot.demo.people import People
from bot.demo.screen import Screen
from bot.demo.words import Reader
from bot.sandbox import Sandbox
from bot.settings import RunSettings
from bot.time_source import ManualTimeSource
from bot.usecases.sla.clocks import computed_clocks
from bot.views.sla.explanation_words import explanation_sentences

ZONE = ZoneInfo("Asia/Karachi")
BEGINNING = datetime(2026, 8, 1, 8, 0, tzinfo=ZONE)
SETTLE_SECONDS = 30.0


class DemoRunner:
    """The environment of the scenes. Its clock stands still while people and the bot act."""

    def __init__(
        self,
        clock: ManualTimeSource,
        sandbox: Sandbox,
        bot: Deskbell,
        *,
        people: People,
        screen: Screen,
        serving: asyncio.Task[None],
    ) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.bot = bot
        self.people = people
        self.screen = screen
        self.narrator = Narrator(clock, people, screen, Reader(ZONE, people.name_of))
        self.evidence = Evidence(people)
        self._serving = serving
        sandbox.watch(self.narrator.watch)
        sandbox.watch(self.evidence.watch)

    async def settle(self) -> None:
        """Let the bot finish its current work, then show the messages. Re-raises the bot's error if
        it has stopped."""
        if self._serving.done():
            self._serving.result()
        async with asyncio.timeout(SETTLE_SECONDS):
            while self.sandbox.undelivered:  # noqa: ASYNC110 (the sandbox has no event for it)
                await asyncio.sleep(0.002)
            await self.bot.settle()
        self.narrator.show_updates()

    async def until(self, day: int, wall: str) -> None:
        """Advance the clock to a local time of a day in August 2026, in the vendor's zone. Timers
        that are due earlier run at their own instants."""
        goal = datetime.combine(BEGINNING.replace(day=day), time.fromisoformat(wall), ZONE)
        while (due_at := await self._next_due()) is not None and due_at < goal:
            self.clock.set(max(due_at, self.clock.now()))
            await self.settle()
        self.clock.set(goal.astimezone(UTC))
        await self.settle()

    async def why(self, key: str, *about: str) -> None:
        """Show the sentences of a due time's explanation that contain the words.

        Raises LookupError if any of them is in no sentence.
        """
        async with self.bot.runtime.read() as desk:
            ticket = await desk.work.tickets.by_key_for_update(key)
            clocks = await computed_clocks(desk, ticket) if ticket else ()
        explanation = explanation_sentences(clocks[0].deadline.why) if clocks else ()
        missing = [words for words in about if words not in "\n".join(explanation)]
        if missing:
            raise LookupError(f"the explanation of {key} does not say {missing}: {explanation}")
        matching = [line for line in explanation if any(words in line for words in about)]
        self.screen.remark(f"Why then? {' '.join(matching)}")

    async def _next_due(self) -> datetime | None:
        async with self.bot.runtime.read() as desk:
            return await desk.work.timers.next_due()


@asynccontextmanager
async def demo_runner(database: Path, screen: Screen) -> AsyncIterator[DemoRunner]:
    """Start a workspace on the loopback interface with everybody in it, and the bot connected to
    it."""
    clock = ManualTimeSource(BEGINNING)
    async with Sandbox(
        clock, rate_limits=False, team_name="ECOSIRE", bot_name="Deskbell"
    ) as sandbox:
        people = People(sandbox)
        async with deskbell(
            _settings(sandbox, people, database),
            clock,
            pace_seconds=0,
            look_again_after=timedelta(0),
        ) as bot:
            await people.register(bot.runtime)
            async with _serving(bot) as serving:
                await sandbox.wait_connected()
                yield DemoRunner(clock, sandbox, bot, people=people, screen=screen, serving=serving)


@asynccontextmanager
async def _serving(bot: Deskbell) -> AsyncIterator[asyncio.Task[None]]:
    """Run the bot during the block; an error of the bot is raised at the end."""
    work = asyncio.create_task(bot.serve())
    try:
        yield work
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def _settings(sandbox: Sandbox, people: People, database: Path) -> RunSettings:
    """Return settings with every value given, so that the reader's environment has no effect."""
    return RunSettings(
        _env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_signing_secret="",
        slack_api_url=sandbox.api_url,
        port=0,
        database_url=f"sqlite+aiosqlite:///{database}",
        deskbell_catalog=("ecosire", "ecotone"),
        deskbell_triage_channel=people.triage,
        deskbell_managers_channel=people.managers,
        deskbell_admins=(),
        deskbell_digest_time=time(9),
        deskbell_time_zone=ZONE.key,
    )
