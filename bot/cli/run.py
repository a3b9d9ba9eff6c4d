"""`deskbell run`."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from bot.app import deskbell
from bot.cli.office import sentences
from bot.log import log_to_standard_error
from bot.settings import RunSettings, load_run_settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
COLLECT_AFTER = (10_000, 20, 20)  # objects, then rounds; Python's own first is 700 objects
STOP_WITHIN_SECONDS = 9.5  # supervisors wait for ten, and then kill


def run_until_stopped() -> None:
    """Serve until SIGINT or SIGTERM; a second one ends it at once."""
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
    """Look for garbage among what comes and goes, and not among the modules: to go through all of
    them stops the process for 0.1 s and more, every few seconds under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _on_signal(stop: Callable[[], object]) -> None:
    """The first signal stops, the next one does what it does to any process."""
    loop = asyncio.get_running_loop()

    def first() -> None:
        for each in STOP_SIGNALS:
            loop.remove_signal_handler(each)
            signal.signal(each, signal.SIG_DFL)
        late = threading.Timer(STOP_WITHIN_SECONDS, _break_off)
        late.daemon = True
        late.start()
        stop()

    for each in STOP_SIGNALS:
        loop.add_signal_handler(each, first)


def _break_off() -> None:
    """What hangs beyond all bounds (a disk, a name server) does not keep the process: it may die
    at any moment, and goes on from there when it is started again."""
    print(
        f"Deskbell could not stop within {STOP_WITHIN_SECONDS} s and is broken off; what was under"
        " way is taken up at the next start",
        file=sys.stderr,
    )
    os._exit(1)
