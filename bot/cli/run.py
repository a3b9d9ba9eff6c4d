"""`deskbell run`."""

import asyncio
import signal
from contextlib import suppress

from bot.app import deskbell
from bot.cli.office import sentences
from bot.log import log_to_standard_error
from bot.settings import RunSettings, load_run_settings


def run_until_stopped() -> None:
    """Serve until SIGINT or SIGTERM."""
    with sentences():
        settings = load_run_settings()
        log_to_standard_error()
        asyncio.run(_serve(settings))


async def _serve(settings: RunSettings) -> None:
    async with deskbell(settings) as bot:
        serving = asyncio.create_task(bot.serve())
        loop = asyncio.get_running_loop()
        for stop in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(stop, serving.cancel)
        with suppress(asyncio.CancelledError):
            await serving
