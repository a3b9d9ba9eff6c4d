"""The App Home of engineers, of managers, and of everybody else."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.digest import Digest
from bot.domain.duty import DutyLine
from bot.domain.sheet import TicketSheet
from bot.views.blocks import SECTION_TEXT, Block, header, people_said, section
from bot.views.digest import digest
from bot.views.duties import duty_line
from bot.views.form import View
from bot.views.listing import ticket_lines
from bot.views.text import width

MOST_TICKETS = 30  # of a list; the rest is counted
HOW_TO_GET_HELP = (
    "Do you need help? Write in the channel that you share with us: we take it from there, and you"
    " read in its thread what becomes of it."
)


def outsiders_home() -> View:
    """For whoever is not on staff: how to get help, and nothing else."""
    return _home([section(HOW_TO_GET_HELP)])


def staff_home(
    queue: Sequence[TicketSheet],
    others: Sequence[TicketSheet],
    duties: Sequence[DutyLine],
    figures: Digest | None,
    now: datetime,
) -> View:
    """One's own queue, what is at risk or late elsewhere, one's duties, and for managers the
    `figures`."""
    mine = _tickets("Your queue", queue, now, nothing="Your queue is empty.")
    pressing = _tickets("At risk or late, elsewhere", others, now, nothing="Nothing is.")
    own = [] if not duties else _listed(f"Your duties ({len(duties)})", [*map(duty_line, duties)])
    return _home([*mine, *pressing, *own, *(digest(figures).blocks if figures else ())])


def _home(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks}


def _tickets(
    title: str, sheets: Sequence[TicketSheet], now: datetime, *, nothing: str
) -> list[Block]:
    lines = [ticket_lines(one, now) for one in sheets[:MOST_TICKETS]]
    if more := len(sheets) - len(lines):
        lines.append(f"and {more} more: */desk list* shows them")
    return _listed(f"{title} ({len(sheets)})" if sheets else title, lines or [nothing])


def _listed(heading: str, lines: Sequence[str]) -> list[Block]:
    return [header(heading), *map(people_said, _paragraphs(lines[:MOST_TICKETS]))]


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """As few as their limit allows."""
    found = [lines[0]]
    for line in lines[1:]:
        if width(found[-1]) + 1 + width(line) <= SECTION_TEXT:
            found[-1] = f"{found[-1]}\n{line}"
        else:
            found.append(line)
    return found
