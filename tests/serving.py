"""A bot that serves for as long as a test needs it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.app import Deskbell


@asynccontextmanager
async def serving(bot: Deskbell) -> AsyncIterator[asyncio.Task[None]]:
    """At work. Leaving the block stops it as SIGTERM would."""
    task = asyncio.create_task(bot.serve())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
