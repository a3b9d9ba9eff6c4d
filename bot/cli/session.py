"""Access to the desk for commands: settings, store, a transaction, and refusals as sentences."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.cli.sentence import REFUSED, USAGE, leave
from bot.errors import ConfigurationError, DeskbellError
from bot.usecases.desk import Desk
from bot.views.refusals import sentence_of

T = TypeVar("T")


@contextmanager
def sentences() -> Iterator[None]:
    """End the command with the refusal's sentence: exit code 2 for ConfigurationError, 1 for other
    refusals."""
    try:
        yield
    except ConfigurationError as error:
        leave(sentence_of(error), USAGE)
    except DeskbellError as error:
        leave(sentence_of(error), REFUSED)


def at_the_desk(use_case: Callable[[Desk], Awaitable[T]]) -> T:
    """Run a use case in a transaction on the store of the settings, and return its result."""
    from bot.runtime import open_runtime
    from bot.settings import load_settings

    async def run() -> T:
        async with open_runtime(load_settings()) as opened, opened.write() as desk:
            return await use_case(desk)

    with sentences():
        return asyncio.run(run())
