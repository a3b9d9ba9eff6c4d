"""Several pings for one reader, as one message."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from bot.domain.escalation import Audience
from bot.domain.ladder import Step
from bot.domain.sheet import TicketSheet
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, SECTION_TEXT, Block, option, section
from bot.views.ids import ASSIGN, MORE, SNOOZES, TAKE, more_choice
from bot.views.message import Message
from bot.views.ping import breach, line, why_late
from bot.views.text import width

# Slack does not document what all blocks of a message may hold. It has refused 13,200 characters,
# and 11,341 in many blocks, which have a price of their own (bolt-js#2509 and #2867).
_ROOM, _A_BLOCK = 11_000, 100
_MOST = BLOCKS_IN_A_MESSAGE - 2  # besides the head and what is left out


def several(each: Sequence[tuple[TicketSheet, Step]], *, now: datetime) -> Message:
    """What is due for one reader: a line a ticket, with a menu of what to do besides answering; as
    many as it holds. `now` (aware) is when it was noticed."""
    head = f"{len(each)} tickets need you. */desk* lists them with what to do."
    rows = [(line(sheet, step, Audience.ENGINEER, now), _menu(sheet)) for sheet, step in each]
    return _listed(head, rows, "in */desk*")


def breaches(each: Sequence[TicketSheet], *, now: datetime) -> Message:
    """The breaches that were noticed at one instant, for managers; each as it stands now."""
    late = sum(1 for sheet in each if sheet.breached_at is not None)
    head = f"{late} promises were missed." if late != 1 else "One promise was missed."
    rows = [
        (breach(sheet, now=now), why_late(sheet) if sheet.breached_at is not None else None)
        for sheet in each
    ]
    return _listed(head, rows, "in */desk list --breached*")


def _menu(sheet: TicketSheet) -> Block:
    """The buttons of a single ping, in as little room as a phone has."""
    take = [] if sheet.ticket.assignee else [("Take", TAKE)]
    snooze = [(f"Snooze {minutes} min", what) for what, minutes in SNOOZES.items()]
    choices = [*take, *snooze, ("Hand over", ASSIGN)]
    options = [option(label, more_choice(sheet.ticket.key, what)) for label, what in choices]
    return {"type": "overflow", "action_id": MORE, "options": options}


def _words_in(accessory: Block | None) -> int:
    """Of its labels: each is read with one press."""
    options = (accessory or {}).get("options", [accessory] if accessory else [])
    return sum(width(one["text"]["text"]) for one in options)


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
    """What a notification shows the beginning of and a screen reader reads: as many lines as one
    section has room for."""
    ends = accumulate(width(part) + 1 for part in parts)
    return "\n".join(part for part, end in zip(parts, ends, strict=True) if end <= SECTION_TEXT)
