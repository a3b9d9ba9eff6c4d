"""The demo: one busy day and the next morning, on a real bot in a Slack on this machine."""

import asyncio
import logging
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.demo.audit import differences
from bot.demo.busy_day import busy_day
from bot.demo.cast import Cast
from bot.demo.ending import summary
from bot.demo.evidence import Evidence
from bot.demo.ledger import lines_of
from bot.demo.next_morning import next_morning
from bot.demo.quiet_days import quiet_days
from bot.demo.screen import Screen, console
from bot.demo.theatre import ZONE, theatre
from bot.errors import ConfigurationError
from bot.log import log_to_standard_error

AGREES, DIFFERS, USAGE = 0, 1, 2


def play(database: str | None) -> int:
    """Show the demo; the exit code: 0 only if what was shown agrees with the database."""
    out = console()
    try:
        path = _fresh(database)
    except ConfigurationError as error:
        Console(stderr=True, highlight=False, emoji=False, soft_wrap=True).print(Text(str(error)))
        return USAGE
    log_to_standard_error(logging.ERROR)
    logging.getLogger().setLevel(logging.ERROR)
    seen = asyncio.run(perform(path, Screen(out, ZONE)))
    found = differences(seen, path)
    _conclude(out, path, found)
    return DIFFERS if found else AGREES


def _conclude(out: Console, path: Path, found: list[str]) -> None:
    lines = lines_of(path)
    out.print()
    out.print(summary(lines))
    for sentence in found:
        out.print(Text(sentence, style="bold red"))
    if not found:
        agrees = f"What was shown agrees with the database, for all {len(lines)} tickets."
        out.print(Text(agrees, style="green"))
    out.print(Text(f"The database: {path}"), soft_wrap=True)
    look = f"DATABASE_URL=sqlite+aiosqlite:///{path} deskbell export tickets"
    out.print(Text(f"To look into it: {look}"), soft_wrap=True)


async def perform(database: Path, screen: Screen) -> Evidence:
    """Play every act on a file that does not exist yet; what people saw. The bot has stopped and
    the file is closed when this returns."""
    async with theatre(database, screen) as stage:
        _introduce(screen, stage.cast)
        await quiet_days(stage)
        await busy_day(stage)
        await next_morning(stage)
        return stage.evidence


def _introduce(screen: Screen, cast: Cast) -> None:
    screen.paragraph(
        "*Deskbell*, the real one, in a Slack on this machine: no account, no network."
    )
    screen.paragraph(f"Times are the vendor's, in {ZONE.key}. One client on each plan:")
    for account in cast.accounts:
        where = f"#{account.key.lower()}" if account.channel else "by e-mail"
        named = f", with {account.engineer.name} as named engineer" if account.engineer else ""
        screen.paragraph(
            f"  *{account.plan_name}*: {account.name}, {where}, {account.person.name}{named}"
        )
    people = ", ".join(f"{person.first_name} ({role})" for person, role in cast.staff.items())
    screen.paragraph(f"The vendor's people: {people}.")


def _fresh(database: str | None) -> Path:
    """Where the file shall be; raises ConfigurationError where it cannot be a new one."""
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
