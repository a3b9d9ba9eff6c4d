"""Several pings for the same reader, combined in a message."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step
from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, SECTION_TEXT, Block, option, section
from bot.views.escalation.ping import breach, line, why_late
from bot.views.ids import MORE, more_choice
from bot.views.message import Message
from bot.views.text import width
from bot.views.tickets.handling.assign import ASSIGN, HAND_OVER_LABEL
from bot.views.tickets.handling.snooze import SNOOZES
from bot.views.tickets.handling.take import TAKE, TAKE_LABEL

# Slack does not document the limit of a message's blocks together. It has refused messages with
# 13,200 characters, and with 11,341 in many blocks, so each block counts as well (bolt-js#2509,
# bolt-js#2867).
_ROOM, _A_BLOCK = 11_000, 100
_MOST = BLOCKS_IN_A_MESSAGE - 2  # the first and the last block are not about tickets


def several(steps: Sequence[tuple[TicketView, Step]], *, now: datetime) -> Message:
    """Return the steps that are due for an engineer: a line and a menu for each ticket, within the
    limits of a message. `now` (aware) is the instant at which they were noticed."""
    head = f"{len(steps)} tickets need you. */desk* lists them with what to do."
    rows = [
        (line(ticket_view, step, Audience.ENGINEER, now), _menu(ticket_view))
        for ticket_view, step in steps
    ]
    return _listed(head, rows, "in */desk*")


def breaches(ticket_views: Sequence[TicketView], *, now: datetime) -> Message:
    """Return the breaches that were noticed at the instant `now` (aware), for managers, each in its
    current state."""
    late = sum(1 for ticket_view in ticket_views if ticket_view.breached_at is not None)
    head = f"{late} promises were missed." if late != 1 else "One promise was missed."
    rows = [
        (
            breach(ticket_view, now=now),
            why_late(ticket_view) if ticket_view.breached_at is not None else None,
        )
        for ticket_view in ticket_views
    ]
    return _listed(head, rows, "in */desk list --breached*")


def _menu(ticket_view: TicketView) -> Block:
    """Return the actions of a ping as an overflow menu, which takes little room on a phone."""
    take = [] if ticket_view.ticket.assignee else [(TAKE_LABEL, TAKE)]
    snooze = [(f"Snooze {minutes} min", choice) for choice, minutes in SNOOZES.items()]
    choices = [*take, *snooze, (HAND_OVER_LABEL, ASSIGN)]
    options = [
        option(label, more_choice(ticket_view.ticket.key, choice)) for label, choice in choices
    ]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _words_in(accessory: Block | None) -> int:
    """Return the length of the labels in an accessory."""
    options = (accessory or {}).get("options", [accessory] if accessory else [])
    return sum(width(label["text"]["text"]) for label in options)


def _listed(head: str, rows: Sequence[tuple[str, Block | None]], where: str) -> Message:
    blocks, room = [section(head)], _ROOM
    for text, accessory in rows[:_MOST]:
        room -= _A_BLOCK + width(text) + _words_in(accessory)
        if room < 0:
            break
        blocks.append(section(text) | ({"accessory": accessory} if accessory else {}))
    if (more := len(rows) - len(blocks) + 1) > 0:
        blocks.append(section(f"and {more} more {where}"))
    return Message(_aloud([block["text"]["text"] for block in blocks]), blocks)


def _aloud(parts: Sequence[str]) -> str:
    """Return the message's `text`, for notifications and screen readers: the lines that fit in a
    section."""
    ends = accumulate(width(part) + 1 for part in parts)
    return "\n".join(part for part, end in zip(parts, ends, strict=True) if end <= SECTION_TEXT)
