"""The App Home of engineers, managers and people outside the staff."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.agreements.recurring_task import OpenTask
from bot.domain.reports.digest import Digest
from bot.domain.tickets.ticket_view import TicketView
from bot.views.agreements.recurring_tasks import duty_line
from bot.views.blocks import SECTION_TEXT, Block, header, people_said, section
from bot.views.form import View
from bot.views.reports.digest import digest
from bot.views.reports.lists import ticket_lines
from bot.views.text import width

MOST_TICKETS = 30  # shown in a list; further tickets are counted
HOW_TO_GET_HELP = (
    "Do you need help? Write in the channel that you share with us: we take it from there, and you"
    " read in its thread what becomes of it."
)


def outsiders_home() -> View:
    """Return the App Home of people outside the staff: how to get help, and nothing else."""
    return _home([section(HOW_TO_GET_HELP)])


def staff_home(
    queue: Sequence[TicketView],
    others: Sequence[TicketView],
    duties: Sequence[OpenTask],
    figures: Digest | None,
    now: datetime,
) -> View:
    """Return the App Home of a member of staff.

    `queue` are the reader's tickets, `others` are further tickets that are at risk or overdue, and
    `duties` are the reader's recurring duties. `figures` is the digest that managers read as well,
    None for engineers.
    """
    mine = _tickets("Your queue", queue, now, nothing="Your queue is empty.")
    pressing = _tickets("At risk or late, elsewhere", others, now, nothing="Nothing is.")
    own = [] if not duties else _listed(f"Your duties ({len(duties)})", [*map(duty_line, duties)])
    return _home([*mine, *pressing, *own, *(digest(figures).blocks if figures else ())])


def _home(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks}


def _tickets(
    title: str, ticket_views: Sequence[TicketView], now: datetime, *, nothing: str
) -> list[Block]:
    lines = [ticket_lines(ticket_view, now) for ticket_view in ticket_views[:MOST_TICKETS]]
    if more := len(ticket_views) - len(lines):
        lines.append(f"and {more} more: */desk list* shows them")
    return _listed(f"{title} ({len(ticket_views)})" if ticket_views else title, lines or [nothing])


def _listed(heading: str, lines: Sequence[str]) -> list[Block]:
    return [header(heading), *map(people_said, _paragraphs(lines[:MOST_TICKETS]))]


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Join the lines to as few paragraphs as the limit of a section allows."""
    paragraphs = [lines[0]]
    for line in lines[1:]:
        if width(paragraphs[-1]) + 1 + width(line) <= SECTION_TEXT:
            paragraphs[-1] = f"{paragraphs[-1]}\n{line}"
        else:
            paragraphs.append(line)
    return paragraphs
