"""Open the store and the catalogues, for the commands and the bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.catalog import load_catalog
from bot.catalog.catalog_store import CatalogStore
from bot.database_health import Database
from bot.domain.ids import ChannelId
from bot.errors import StoreTrouble
from bot.settings import Settings
from bot.time_source import SystemTimeSource, TimeSource
from bot.usecases.desk import Desk, Places
from storage.store import Store


class Runtime:
    """The store, the catalogues and the clock, from which each transaction gets a desk.

    After a write, `on_said` is called if the outbox has new messages, and `on_armed` with the
    earliest new timer.
    """

    def __init__(self, settings: Settings, clock: TimeSource) -> None:
        self.store = Store(settings.database_url)
        self.shelf = CatalogStore([load_catalog(name) for name in settings.deskbell_catalog])
        self.clock = clock
        self.database = Database()
        self._places = Places(
            ChannelId(settings.deskbell_triage_channel),
            ChannelId(settings.deskbell_managers_channel),
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
async def open_runtime(
    settings: Settings, clock: TimeSource | None = None
) -> AsyncIterator[Runtime]:
    """Open a prepared office, and close it at the end of the block."""
    opened = Runtime(settings, clock or SystemTimeSource())
    try:
        await opened.prepare()
        yield opened
    finally:
        await opened.close()
