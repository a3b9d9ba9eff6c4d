"""Upgrades a database in a process that is killed at a given statement.

Run as `python -m tests.upgrade.killed_process URL NUMBER`. Each commit counts as a statement too.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from tests.upgrade.reading import upgraded

ROOT = Path(__file__).parents[2]
EVENTS = ("before_cursor_execute", "commit")


@contextmanager
def watched(before_each: Callable[[], None]) -> Iterator[None]:
    """Call `before_each` before every statement and every commit of any engine."""

    def on_event(*_: Any) -> None:
        before_each()

    for name in EVENTS:
        event.listen(Engine, name, on_event)
    try:
        yield
    finally:
        for name in EVENTS:
            event.remove(Engine, name, on_event)


async def statements_of_upgrade(url: str) -> int:
    """Upgrade a database and return the number of statements that this takes."""
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1

    with watched(counted):
        await upgraded(url)
    return count


async def killed_at(url: str, number: int) -> int:
    """Upgrade a database in a process that is killed just before statement `number` (from 1);
    return the exit code of the process."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.upgrade.killed_process", url, str(number)), cwd=ROOT
    )
    return await process.wait()


def main(url: str, number: int) -> None:
    remaining = number

    def count_down() -> None:
        nonlocal remaining
        remaining -= 1
        if remaining == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    with watched(count_down):
        asyncio.run(upgraded(url))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
