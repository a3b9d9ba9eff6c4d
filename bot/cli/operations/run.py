"""`deskbell run`: serve until a signal stops the process."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from bot.app import deskbell
from bot.cli.session import sentences
from bot.log import log_to_standard_error
from bot.settings import RunSettings, load_run_settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Thresholds of the garbage collector's generations; Python's default is (700, 10, 10).
COLLECT_AFTER = (10_000, 20, 20)
STOP_WITHIN_SECONDS = 9.5  # supervisors kill a process after ten seconds


def run_until_stopped() -> None:
    """Serve until SIGINT or SIGTERM; a second signal ends the process at once."""
    with sentences():
        settings = load_run_settings()
        log_to_standard_error()
        asyncio.run(_serve(settings))


async def _serve(settings: RunSettings) -> None:
    serving = asyncio.create_task(_serve_until_cancelled(settings))
    _on_signal(serving.cancel)
    with suppress(asyncio.CancelledError):
        await serving


async def _serve_until_cancelled(settings: RunSettings) -> None:
    async with deskbell(settings) as bot:
        spare_the_collector()
        await bot.serve()


def spare_the_collector() -> None:
    """Exempt the objects that exist now from garbage collection.

    A collection of all objects, including those of imported modules, stops the process for 0.1 s or
    more, and happens every few seconds under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _on_signal(stop: Callable[[], object]) -> None:
    """Call `stop` on the first signal, and restore the default action for the next signal."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
        watchdog = threading.Timer(STOP_WITHIN_SECONDS, _break_off)
        watchdog.daemon = True
        watchdog.start()
        stop()

    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, first)


def _break_off() -> None:
    """Exit the process at once, because a task did not end in time (a stuck disk or name server,
    for example).

    This is safe: the process may die at any moment, and continues its work at the next start.
    """
    print(
        f"Deskbell could not stop within {STOP_WITHIN_SECONDS} s and is broken off; what was under"
        " way is taken up at the next start",
        file=sys.stderr,
    )
    os._exit(1)
