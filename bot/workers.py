"""Run workers concurrently, and stop them gracefully."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from bot.errors import StoreTrouble

WIND_UP_SECONDS = 6.0  # limits the whole stop to ten seconds


class Worker(Protocol):
    """A task that runs until `stop` is called, then finishes the work in progress and returns."""

    async def run(self) -> None: ...

    def stop(self) -> None:
        """Take no new work."""
        ...


async def work(workers: Sequence[Worker], last: Callable[[], Awaitable[None]]) -> None:
    """Run the workers until cancelled, or until a worker fails, which stops them all.

    On cancellation, stop the workers, wait for the work in progress and then for `last`, within
    WIND_UP_SECONDS. Longer work is cancelled. A second cancellation cancels it at once.
    """
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(worker.run()) for worker in workers]
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for worker in workers:
                worker.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(WIND_UP_SECONDS):
                    await asyncio.wait(running)
                    await last()
            raise


async def safely(step: Callable[[], Awaitable[object]], words: str) -> None:
    """Run a repeated step of a worker and log any exception under `words`, so the worker continues.

    Does not log StoreTrouble: the office has already logged it.
    """
    try:
        await step()
    except StoreTrouble:
        return
    except Exception:  # noqa: BLE001 (the outermost handler of every worker)
        structlog.get_logger("worker").exception(words)


class PeriodicWorker:
    """Runs a step at an interval, and at once after `wake`, until `stop` is called.

    `interval` is the pause after a step, `first_delay` the pause before the first step, both in
    seconds. A step may change `interval` for the pause that follows. A failed step is logged under
    `words` as `safely` does, and is repeated after the pause.
    """

    def __init__(
        self,
        step: Callable[[], Awaitable[object]],
        words: str,
        *,
        interval: float,
        first_delay: float = 0.0,
    ) -> None:
        self._step = step
        self._words = words
        self.interval = interval
        self._first_delay = first_delay
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._in_step = False

    @property
    def is_at_rest(self) -> bool:
        """Return whether the worker waits for the next step and was not woken."""
        return not self._in_step and not self.is_woken

    @property
    def is_woken(self) -> bool:
        """Return whether the next step begins without a pause."""
        return self._wake.is_set()

    @property
    def is_stopping(self) -> bool:
        """Return whether `stop` has been called; a long step then ends early."""
        return self._stopping.is_set()

    def wake(self) -> None:
        """Begin a step now, or as soon as the step in progress has ended."""
        self._wake.set()

    def stop(self) -> None:
        """Begin no further step."""
        self._stopping.set()
        self._wake.set()

    async def until_stopping(self) -> None:
        """Wait until `stop` is called."""
        await self._stopping.wait()

    async def run(self) -> None:
        """Run the steps until `stop` is called and the step in progress has ended."""
        if self._first_delay:
            await until(self._wake, self._first_delay)
        while not self.is_stopping:
            self._wake.clear()
            self._in_step = True
            try:
                await safely(self._step, self._words)
            finally:
                self._in_step = False
            await until(self._wake, self.interval)


class UnderWay:
    """Counts the blocks in progress (`with under_way:`), to wait until there are none."""

    def __init__(self) -> None:
        self._blocks = 0
        self._none = asyncio.Event()
        self._none.set()

    def __enter__(self) -> None:
        self._blocks += 1
        self._none.clear()

    def __exit__(self, *_: object) -> None:
        self._blocks -= 1
        if not self._blocks:
            self._none.set()

    @property
    def is_over(self) -> bool:
        """Whether none is now."""
        return not self._blocks

    async def over(self) -> None:
        """Wait until no block is in progress."""
        while self._blocks:
            await self._none.wait()


async def until(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most `seconds`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
