"""Workers, side by side until the whole is told to stop, and how they end."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

import structlog

from bot.errors import StoreTrouble

WIND_UP_SECONDS = 6.0  # for what is under way, so that the whole stop takes ten seconds at most


class Worker(Protocol):
    """`run` works until `stop`, and then returns when what is under way has ended."""

    async def run(self) -> None: ...

    def stop(self) -> None:
        """Take no new work."""
        ...


async def work(workers: Sequence[Worker], last: Callable[[], Awaitable[None]]) -> None:
    """Let them work until cancelled (or until one of them fails, which ends them all). Then let
    what is under way end, and `last` after it, within WIND_UP_SECONDS; what takes longer is broken
    off. A second cancellation breaks it off at once."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one.run()) for one in workers]
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            for one in workers:
                one.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(WIND_UP_SECONDS):
                    await asyncio.wait(running)
                    await last()
            raise


async def safely(what: Callable[[], Awaitable[object]], words: str) -> None:
    """Do what a worker does again and again: what fails now may not at the next time, and no crash
    ends the worker. It is logged whole under these words; of a store in trouble, whoever opened it
    has noted that already."""
    try:
        await what()
    except StoreTrouble:
        return
    except Exception:  # noqa: BLE001 (the door of every worker)
        structlog.get_logger("worker").exception(words)


class UnderWay:
    """Knows how many blocks are under way (`with under_way:`), and when none is."""

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

    async def over(self) -> None:
        """Wait until none is."""
        while self._blocks:
            await self._none.wait()


async def until(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, for so long at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
