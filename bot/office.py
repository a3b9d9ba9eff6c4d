"""The store and the catalogues, opened as desks: what every command needs, and the bot."""

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
    """Wakes those who work when what it keeps calls for it."""

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
        """Bring the database to the newest form and put the catalogues on record."""
        await self.store.upgrade()
        async with self.write() as desk:
            await self.shelf.record(desk.work, desk.now)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Desk]:
        """A desk whose changes are kept when the block ends; what they call for is woken then."""
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
        """A desk to look at."""
        now = self.clock.now()
        try:
            async with self.store.read(now) as work:
                yield Desk(work, self.shelf, self._places, now)
        except StoreTrouble as trouble:
            self.database.failed(trouble)
            raise

    async def close(self) -> None:
        await self.store.close()


@asynccontextmanager
async def office(settings: Settings, clock: Clock | None = None) -> AsyncIterator[Office]:
    """The store, ready; closed at the end of the block."""
    opened = Office(settings, clock or SystemClock())
    try:
        await opened.prepare()
        yield opened
    finally:
        await opened.close()
