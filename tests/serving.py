"""Runs a bot for the time of a test."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.app import Deskbell


@asynccontextmanager
async def serving(bot: Deskbell) -> AsyncIterator[asyncio.Task[None]]:
    """Run the bot; the end of the block stops it as SIGTERM does."""
    task = asyncio.create_task(bot.serve())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
