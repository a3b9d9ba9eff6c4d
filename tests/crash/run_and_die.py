"""Starts the bot in one process after another; each may kill itself at one of its commits.

A process that is forked from one which has imported everything is up at once, so that a death at
every commit can be tried. Orders come on standard input and process ids go to standard output,
one JSON value a line.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.pool import Pool

from bot.app import deskbell
from bot.catalog_file import load_catalog
from bot.log import log_to_standard_error
from bot.settings import load_run_settings

LOOK_AGAIN_AFTER = timedelta(seconds=0.1)
COMMITS = "commits"  # the file that says how many commits a life has begun


def main() -> None:
    """Fork a bot for each order until standard input ends."""
    load_catalog("ecosire")  # the holidays load slowly, once
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever dies is gone at once
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _live(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _live(order: dict[str, Any]) -> None:
    """One life, in its own directory, with what it says kept in `log`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(order["directory"])
    log = os.open("log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(order["environment"])
    _die_at(order["when"], order["commit"])
    log_to_standard_error()
    asyncio.run(_serve())
    os._exit(0)


async def _serve() -> None:
    settings = load_run_settings()
    async with deskbell(settings, pace_seconds=0, look_again_after=LOOK_AGAIN_AFTER) as bot:
        await bot.serve()


def _die_at(when: str, number: int) -> None:
    """Before the commit: nothing of it is kept. After: it is kept, and nobody has been told."""
    begun = 0
    committing: object = None

    @event.listens_for(Engine, "commit")
    def _on_commit(connection: Connection) -> None:
        nonlocal begun, committing
        begun += 1
        Path(COMMITS).write_text(str(begun))
        if begun == number:
            committing = connection.connection.dbapi_connection
            if when == "before":
                _die()

    @event.listens_for(Pool, "checkin")
    def _on_checkin(connection: object, _: object) -> None:
        if committing is not None and connection is committing:
            _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
