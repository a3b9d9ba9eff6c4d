"""Runs a replica in its own process, with a lease of the given number of seconds (the first
argument).
"""

import asyncio
import sys
from datetime import timedelta

from bot.app import deskbell
from bot.log import log_to_standard_error
from bot.settings import load_run_settings


async def serve(lease: timedelta) -> None:
    async with deskbell(load_run_settings(), lease=lease, pace_seconds=0) as bot:
        await bot.serve()


if __name__ == "__main__":
    log_to_standard_error()
    asyncio.run(serve(timedelta(seconds=float(sys.argv[1]))))
