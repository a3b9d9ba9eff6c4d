"""`make bench`."""

import asyncio
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from rich.console import Console
from rich.table import Table

from tests.bench.deadlines import deadlines_a_second
from tests.bench.messages import cards_a_second, echoes_a_second

MESSAGES = 300
DEADLINES = 20_000


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    table = Table("what", "a second", "beside the first of its kind")
    with TemporaryDirectory() as directory:
        echo = asyncio.run(echoes_a_second(MESSAGES))
        cards = asyncio.run(cards_a_second(MESSAGES, Path(directory)))
    table.add_row("messages echoed by a bare Bolt app", f"{echo:,.0f}", "1.00")
    table.add_row("messages to cards, durable", f"{cards:,.0f}", f"{cards / echo:.2f}")
    plain, explained = deadlines_a_second(DEADLINES)
    table.add_row("deadlines of 4 h", f"{plain:,.0f}", "1.00")
    table.add_row("deadlines of 4 h, explained", f"{explained:,.0f}", f"{explained / plain:.2f}")
    Console(file=sys.stdout).print(table)


if __name__ == "__main__":
    main()
