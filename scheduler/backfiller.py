"""The backfiller: reads Slack's history for events that were never delivered.

Runs at the start, after every new connection, and every few minutes. Missed events go into the
inbox and are then processed like any delivery.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.domain.ids import ChannelId
from bot.errors import SlackTrouble
from bot.usecases.desk import OpenDesk
from bot.usecases.intake.backfill import (
    EVERY,
    Found,
    Reading,
    channels_to_read,
    has_been_read,
    keep_missed,
    missed_of,
    what_to_read,
)
from bot.workers import PeriodicWorker

CONNECTED_WITHIN_SECONDS = 3.0  # the first connection triggers the first reading
AFTER_TROUBLE_SECONDS = 60.0
LOOK_SECONDS = 0.02


class Backfiller(PeriodicWorker):
    """Reads the clients' channels.

    `has_caught_up` is set when the events of the first round are processed, or when Slack did not
    answer in that round.
    """

    def __init__(
        self,
        read_history: Callable[[Reading], Awaitable[Found]],
        write: OpenDesk,
        read: OpenDesk,
        on_found: Callable[[], None],
    ) -> None:
        super().__init__(
            self._look,
            "Slack's history could not be compared with what is on record",
            interval=EVERY.total_seconds(),
            first_delay=CONNECTED_WITHIN_SECONDS,
        )
        self._read_history = read_history
        self._write = write
        self._read = read
        self._on_found = on_found
        self._is_at_work = True  # until the first round is over
        self._all_of_them = True
        self._troubles: dict[str, str] = {}  # errors of this round by channel
        self._log = structlog.get_logger("backfiller")
        self.has_caught_up = asyncio.Event()

    @property
    def is_at_rest(self) -> bool:
        return not (self._is_at_work or self.is_woken)

    def wake(self) -> None:
        """Read every channel now, because events may have been lost."""
        self._all_of_them = True
        super().wake()

    async def run(self) -> None:
        """Read until `stop`, which cancels the reading in progress.

        Messages that were read and not stored are read again later. Failures are logged and retried
        a minute later, and block nothing else.
        """
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(super().run())
            await self.until_stopping()
            reading.cancel()

    async def _look(self) -> None:
        self._is_at_work, self.interval = True, AFTER_TROUBLE_SECONDS
        is_well = False
        try:
            await self._round()
            await self._until_heard()
            is_well = not self._troubles
        finally:
            self.has_caught_up.set()
            self._all_of_them |= not is_well
            self._is_at_work = False
        if is_well:
            self.interval = EVERY.total_seconds()
        else:
            self._log.warning("Slack's history could not be read", channels=self._troubles)

    async def _round(self) -> None:
        """Read the channels in turn; the messages of a channel are stored as soon as it is read."""
        all_of_them, self._all_of_them = self._all_of_them, False
        self._troubles = {}
        async with self._write() as desk:
            channels = await channels_to_read(desk, all_of_them=all_of_them)
        quiet: dict[ChannelId, datetime] = {}
        for channel in channels:
            try:
                quiet |= await self._catch_up(channel)
            except SlackTrouble as trouble:
                self._troubles[channel] = str(trouble)
        if quiet:
            async with self._write() as desk:
                await has_been_read(desk, quiet)

    async def _until_heard(self) -> None:
        """After the first round, wait until its events are processed."""
        while not self.has_caught_up.is_set():
            async with self._read() as desk:
                if not await desk.work.inbox.waiting(1):
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def _catch_up(self, channel: ChannelId) -> dict[ChannelId, datetime]:
        """Read a channel; return when the reading began if no message was missed."""
        async with self._read() as desk:
            reading = await what_to_read(desk, channel)
        if reading is None:
            return {}
        missed = missed_of(reading, await self._read_history(reading))
        if not missed:
            return {channel: reading.begun_at}
        async with self._write() as desk:
            new = await keep_missed(desk, reading, missed)
        if new:
            self._log.warning("found what Slack had not delivered", channel=channel, events=new)
            self._on_found()
        return {}
