"""`make bench`: run every measurement, or the measurement named as an argument."""

import asyncio
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from rich.console import Console
from rich.table import Table

from bot.cli.operations.run import spare_the_collector
from tests.bench.business_time import business_time
from tests.bench.deadlines import deadlines_a_second
from tests.bench.digests import digest_of
from tests.bench.messages import ECHO, answers_a_second, card_arguments, cards_a_second
from tests.bench.steady import EVENTS_A_SECOND, steady
from tests.bench.timers import timers_at_scale

MESSAGES = 600
STEADY_SECONDS = 20.0
DEADLINES = 20_000
OPEN_TICKETS, DUE_TOGETHER, ADDED = 100_000, 10_000, 3_000
OLD_TICKETS = 1_000_000


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.disable(logging.WARNING)
    parts: dict[str, Callable[[], Table]] = {
        "messages": messages_table,
        "deadlines": deadlines_table,
        "business_time": business_time_table,
        "timers": timers_table,
        "digest": digest_table,
    }
    named = sys.argv[1:] or list(parts)
    if unknown := set(named) - set(parts):
        sys.exit(f"There is no part {', '.join(unknown)}: choose {', '.join(parts)}.")
    console = Console(file=sys.stdout)
    for name in named:
        console.print(parts[name]())


def messages_table() -> Table:
    table = Table("messages", "a second", "beside the first")
    spare_the_collector()  # as `deskbell run` does, for both
    with TemporaryDirectory() as directory:
        echo = asyncio.run(answers_a_second(MESSAGES, ECHO))
        card = asyncio.run(card_arguments(Path(directory)))
        same = asyncio.run(answers_a_second(MESSAGES, card))
        cards = asyncio.run(cards_a_second(MESSAGES, Path(directory)))
        load = asyncio.run(steady(STEADY_SECONDS, Path(directory)))
    table.add_row("messages echoed by a bare Bolt app", f"{echo:,.0f}", "1.00")
    table.add_row("the same cards by one that keeps nothing", f"{same:,.0f}", f"{same / echo:.2f}")
    table.add_row("messages to cards, durable", f"{cards:,.0f}", f"{cards / echo:.2f}")
    rate = f"{EVENTS_A_SECOND:.0f} events a second, durable, acknowledged within"
    for percent in (50, 99):
        milliseconds = load.ack_percentile(percent) * 1000
        table.add_row(f"{rate} ({percent} %)", f"{milliseconds:.1f} ms", "")
    return table


def deadlines_table() -> Table:
    table = Table("deadlines", "a second", "beside the first")
    plain, explained = deadlines_a_second(DEADLINES)
    table.add_row("deadlines of 4 h", f"{plain:,.0f}", "1.00")
    table.add_row("deadlines of 4 h, explained", f"{explained:,.0f}", f"{explained / plain:.2f}")
    return table


def business_time_table() -> Table:
    table = Table("business time", "library", "microseconds", "times deskbell's")
    ours: dict[str, float] = {}
    for row in business_time():
        first = ours.setdefault(row.question, row.microseconds)
        question = row.question if first == row.microseconds else ""
        ratio = f"{row.microseconds / first:,.2f}"
        table.add_row(question, row.library, f"{row.microseconds:,.2f}", ratio)
    return table


def timers_table() -> Table:
    table = Table(f"timers of {OPEN_TICKETS:,} open tickets", "seconds", "beside the first")
    with TemporaryDirectory() as directory:
        measured = asyncio.run(
            timers_at_scale(Path(directory), OPEN_TICKETS, DUE_TOGETHER, ADDED, _progress)
        )
    job = 1 / measured.jobs_added_a_second
    for words, a_second in (
        ("a timer added to APScheduler's job store", measured.jobs_added_a_second),
        ("a timer added, a ticket a transaction", measured.added_a_second),
        ("a timer added, ten tickets a transaction", measured.together_a_second),
    ):
        faster = a_second * job
        table.add_row(words, f"{1 / a_second:.6f}", f"{faster:.1f} times as fast")
    table.add_section()
    table.add_row("a minute's poll over all open tickets", f"{measured.poll:.4f}", "1.0")
    cheaper = f"{measured.poll / measured.idle_tick:,.0f} times cheaper"
    table.add_row("an idle tick", f"{measured.idle_tick:.4f}", cheaper)
    for due, seconds in measured.ticks.items():
        table.add_row(f"a tick with {due:,} due", f"{seconds:.4f}", "")
    table.add_row(f"{DUE_TOGETHER:,} warnings at once, committed", f"{measured.warned:.2f}", "")
    table.add_row(f"{DUE_TOGETHER:,} breaches at once, committed", f"{measured.breached:.2f}", "")
    table.add_row("from the opening of the store to the first ping", f"{measured.restart:.2f}", "")
    table.add_row("memory of all that, at most", f"{measured.memory / 2**20:.0f} MiB", "")
    return table


def digest_table() -> Table:
    table = Table("digest", "seconds", "promises judged")
    for count in (OLD_TICKETS // 10, OLD_TICKETS):
        with TemporaryDirectory() as directory:
            seconds, judged = asyncio.run(digest_of(Path(directory), count, _progress))
        table.add_row(f"over {count:,} tickets", f"{seconds:.2f}", f"{judged:,}")
    return table


def _progress(words: str) -> None:
    Console(stderr=True).print(words, style="dim")


if __name__ == "__main__":
    main()
