"""Starts bot processes by forking; each may kill itself at a crash point.

A process forked from a fully imported parent starts at once, so that a crash at every point can be
tested. The bot is built by the same composition root as `deskbell run`. Orders are read from
standard input and process ids are written to standard output, a JSON value per line.
"""

import asyncio
import inspect
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from bot.app import Deskbell, deskbell
from bot.catalog import load_catalog
from bot.log import log_to_standard_error
from bot.settings import load_run_settings
from bot.time_source import TimeSource
from tests.crash.harness.control import Control
from tests.crash.harness.crash_points import CrashInjector

LOOK_AGAIN_AFTER = timedelta(seconds=0.1)
CLOCK_LOOK_SECONDS = 0.01
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def main() -> None:
    """Fork a bot for each order until standard input ends."""
    _warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that end are reaped at once
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _run_bot(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _warm_up() -> None:
    """Run the slow first-time initialisations once for all bots."""
    load_catalog("ecosire")  # the holidays
    available_timezones()
    inspect.stack()  # Bolt inspects the call stack


def _run_bot(order: dict[str, Any]) -> None:
    """Run a bot in its own directory, with its output in `log`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(order["directory"])
    log = os.open("log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environment"])
    control = Control(Path("control"))
    CrashInjector(control, order["kind"], order["when"], order["number"]).install()
    log_to_standard_error()
    asyncio.run(_serve(control) if order["clock_stands"] else _serve_now())
    os._exit(0)


async def _serve_now() -> None:
    """Serve on the machine's clock."""
    settings = load_run_settings()
    async with deskbell(settings, pace_seconds=0, look_again_after=LOOK_AGAIN_AFTER) as bot:
        await bot.serve()


async def _serve(clock: Control) -> None:
    """Serve on the clock that the test moves."""
    settings = load_run_settings()
    async with (
        deskbell(settings, clock, pace_seconds=0, look_again_after=timedelta(0)) as bot,
        asyncio.TaskGroup() as tasks,
    ):
        tasks.create_task(_notify_of_clock(bot, clock))
        tasks.create_task(bot.serve())


async def _notify_of_clock(bot: Deskbell, clock: TimeSource) -> None:
    """Notify the timers of clock changes, which a moved clock does not do itself."""
    before = clock.now()
    while True:
        await asyncio.sleep(CLOCK_LOOK_SECONDS)
        if clock.now() != before:
            before = clock.now()
            bot.runtime.on_armed(LONG_AGO)
            bot.runtime.on_said()


if __name__ == "__main__":
    main()
