"""The sandbox, the real bot and the story's clock, running together in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import Deskbell, deskbell
from bot.clock import StoryClock
from bot.demo.cast import Cast
from bot.demo.evidence import Evidence
from bot.demo.narrator import Narrator
from bot.demo.screen import Screen
from bot.demo.words import Reader
from bot.sandbox import Sandbox
from bot.settings import RunSettings

ZONE = ZoneInfo("Asia/Karachi")
BEGINNING = datetime(2026, 8, 1, 8, 0, tzinfo=ZONE)
SETTLE_SECONDS = 30.0


class Theatre:
    """Everything that an act needs. The clock stands while people and bot do something."""

    def __init__(
        self,
        clock: StoryClock,
        sandbox: Sandbox,
        bot: Deskbell,
        *,
        cast: Cast,
        screen: Screen,
        serving: asyncio.Task[None],
    ) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.bot = bot
        self.cast = cast
        self.screen = screen
        self.narrator = Narrator(clock, cast, screen, Reader(ZONE, cast.name_of))
        self.evidence = Evidence(cast)
        self._serving = serving
        sandbox.watch(self.narrator.watch)
        sandbox.watch(self.evidence.watch)

    async def settle(self) -> None:
        """Let the bot do all that there is to do now, then tell what people saw of it. Raises
        what the bot has stopped with, if it has."""
        if self._serving.done():
            self._serving.result()
        async with asyncio.timeout(SETTLE_SECONDS):
            while self.sandbox.undelivered:  # noqa: ASYNC110 (Slack has no way to tell either)
                await asyncio.sleep(0.002)
            await self.bot.settle()
        self.narrator.tell()

    async def until(self, day: int, wall: str) -> None:
        """Let time pass until a wall time of a day in August 2026, in the vendor's zone. What
        falls due on the way happens at its own instant."""
        goal = datetime.combine(BEGINNING.replace(day=day), time.fromisoformat(wall), ZONE)
        while (due_at := await self._next_due()) is not None and due_at < goal:
            self.clock.set(max(due_at, self.clock.now()))
            await self.settle()
        self.clock.set(goal.astimezone(UTC))
        await self.settle()

    async def why(self, key: str, *about: str) -> None:
        """Those sentences of the desk's own explanation of a deadline that hold these words.

        Raises LookupError for words that it does not say.
        """
        async with self.bot.office.read() as desk:
            ticket = await desk.work.tickets.by_key(key)
            rows = await desk.work.clocks.of(ticket.id) if ticket else []
        why = rows[0].clock.promise.why if rows else ()
        if missing := [words for words in about if not any(words in each for each in why)]:
            raise LookupError(f"the explanation of {key} does not say {missing}: {why}")
        told = [each for each in why if any(words in each for words in about)]
        self.screen.aside(f"Why then? {' '.join(told)}")

    async def _next_due(self) -> datetime | None:
        async with self.bot.office.read() as desk:
            return await desk.work.timers.next_due()


@asynccontextmanager
async def theatre(database: Path, screen: Screen) -> AsyncIterator[Theatre]:
    """A workspace on loopback with everybody in it, and the bot connected to it."""
    clock = StoryClock(BEGINNING)
    async with Sandbox(
        clock, rate_limits=False, team_name="ECOSIRE", bot_name="Deskbell"
    ) as sandbox:
        cast = Cast(sandbox)
        async with deskbell(
            _settings(sandbox, cast, database), clock, pace_seconds=0, look_again_after=timedelta(0)
        ) as bot:
            await cast.join_the_desk(bot.office)
            async with _serving(bot) as serving:
                await sandbox.wait_connected()
                yield Theatre(clock, sandbox, bot, cast=cast, screen=screen, serving=serving)


@asynccontextmanager
async def _serving(bot: Deskbell) -> AsyncIterator[asyncio.Task[None]]:
    """The bot at work for the length of the block; what ended it too soon is raised at the end."""
    work = asyncio.create_task(bot.serve())
    try:
        yield work
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


def _settings(sandbox: Sandbox, cast: Cast, database: Path) -> RunSettings:
    """Every one is given, so that nothing of the reader's own environment comes in."""
    return RunSettings(
        _env_file=None,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_signing_secret="",
        slack_api_url=sandbox.api_url,
        port=0,
        database_url=f"sqlite+aiosqlite:///{database}",
        deskbell_catalog=("ecosire", "ecotone"),
        deskbell_triage_channel=cast.triage,
        deskbell_managers_channel=cast.managers,
        deskbell_admins=(),
        deskbell_digest_time=time(9),
        deskbell_time_zone=ZONE.key,
    )
