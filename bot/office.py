"""Open the store and the catalogues, for the commands and the bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.catalog_file import load_catalog
from bot.catalog_file.shelf import Shelf
from bot.clock import Clock, SystemClock
from bot.errors import StoreTrouble
from bot.settings import Settings
from bot.usecases.desk import Desk, Places
from bot.watch.database import Database
from storage.store import Store


class Office:
    """The store, the catalogues and the clock, from which each transaction gets a desk.

    After a write, `on_said` is called if the outbox has new messages, and `on_armed` with the
    earliest new timer.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.store = Store(settings.database_url)
        self.shelf = Shelf([load_catalog(name) for name in settings.deskbell_catalog])
        self.clock = clock
        self.database = Database()
        self._places = Places(
            settings.deskbell_triage_channel,
            settings.deskbell_managers_channel,
            settings.deskbell_digest_time,
            settings.deskbell_time_zone,
            settings.deskbell_digest_days,
            has_pager=bool(settings.deskbell_pager_urls),
        )
        self.on_said: Callable[[], None] = lambda: None
        self.on_armed: Callable[..., None] = lambda _: None

    async def prepare(self) -> None:
        """Migrate the database to the newest schema and record the catalogues."""
        await self.store.upgrade()
        async with self.write() as desk:
            await self.shelf.record(desk.work, desk.now)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Desk]:
        """Open a desk for writing.

        Its changes are committed at the end of the block, and workers are woken.
        """
        now = self.clock.now()
        try:
            async with self.store.write(now) as work:
                yield Desk(work, self.shelf, self._places, now)
        except StoreTrouble as trouble:
            self.database.failed(trouble)
            raise
        self.database.kept()
        if work.outbox.touched:
            self.on_said()
        if work.timers.soonest is not None:
            self.on_armed(work.timers.soonest)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Desk]:
        """Open a desk for reading only."""
        now = self.clock.now()
        try:
            async with self.store.read(now) as work:
                yield Desk(work, self.shelf, self._places, now)
        except StoreTrouble as trouble:
            self.database.failed(trouble)
            raise

    async def close(self) -> None:
        """Close the store."""
        await self.store.close()


@asynccontextmanager
async def office(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Office]:
    """Open a prepared office, and close it at the end of the block."""
    opened = Office(settings, clock or SystemClock())
    try:
        await opened.prepare()
        yield opened
    finally:
        await opened.close()
