"""The demo: a busy day and the next morning, with the real bot and a simulated Slack on this
machine."""

import asyncio
import logging
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.demo.audit import differences
from bot.demo.busy_day import busy_day
from bot.demo.demo_runner import ZONE, demo_runner
from bot.demo.ending import summary
from bot.demo.evidence import Evidence
from bot.demo.ledger import ticket_rows
from bot.demo.next_morning import next_morning
from bot.demo.people import People
from bot.demo.quiet_days import quiet_days
from bot.demo.screen import Screen, console
from bot.errors import ConfigurationError
from bot.log import log_to_standard_error

AGREES, DIFFERS, USAGE = 0, 1, 2


def play(database: str | None) -> int:
    """Show the demo and return the exit code: 0 if the screen agreed with the database, 1 if not, 2
    for an unusable file."""
    out = console()
    try:
        path = _new_file(database)
    except ConfigurationError as error:
        Console(stderr=True, highlight=False, emoji=False, soft_wrap=True).print(Text(str(error)))
        return USAGE
    log_to_standard_error(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    evidence = asyncio.run(run_demo(path, Screen(out, ZONE)))
    faults = differences(evidence, path)
    _conclude(out, path, faults)
    return DIFFERS if faults else AGREES


def _conclude(out: Console, path: Path, faults: list[str]) -> None:
    rows = ticket_rows(path)
    out.print()
    out.print(summary(rows))
    for sentence in faults:
        out.print(Text(sentence, style="bold red"))
    if not faults:
        agrees = f"What was shown agrees with the database, for all {len(rows)} tickets."
        out.print(Text(agrees, style="green"))
    out.print(Text(f"The database: {path}"), soft_wrap=True)
    command = f"DATABASE_URL=sqlite+aiosqlite:///{path} deskbell export tickets"
    out.print(Text(f"To look into it: {command}"), soft_wrap=True)


async def run_demo(database: Path, screen: Screen) -> Evidence:
    """Run all scenes on a new database file and return the evidence of the messages that people
    saw.

    The bot has stopped and the file is closed when this returns.
    """
    async with demo_runner(database, screen) as runner:
        _introduce(screen, runner.people)
        await quiet_days(runner)
        await busy_day(runner)
        await next_morning(runner)
        return runner.evidence


def _introduce(screen: Screen, people: People) -> None:
    screen.paragraph(
        "*Deskbell*, the real one, in a Slack on this machine: no account, no network."
    )
    screen.paragraph(f"Times are the vendor's, in {ZONE.key}. One client on each plan:")
    for account in people.accounts:
        where = f"#{account.key.lower()}" if account.channel else "by e-mail"
        named = f", with {account.engineer.name} as named engineer" if account.engineer else ""
        screen.paragraph(
            f"  *{account.plan_name}*: {account.name}, {where}, {account.person.name}{named}"
        )
    names = ", ".join(f"{person.first_name} ({role})" for person, role in people.staff.items())
    screen.paragraph(f"The vendor's people: {names}.")


def _new_file(database: str | None) -> Path:
    """Return the path of the database file. Raises ConfigurationError if it exists or its directory
    does not."""
    if database is None:
        return Path(tempfile.mkdtemp(prefix="deskbell-demo-")) / "demo.db"
    path = Path(database).resolve()
    if path.exists():
        raise ConfigurationError(
            f"{path} is there already: give --database a file that does not exist yet."
        )
    if not path.parent.is_dir():
        raise ConfigurationError(f"There is no directory {path.parent}: create it first.")
    return path
