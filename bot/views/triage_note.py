"""What is said to staff of a ticket: in the thread of its triage card, and directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from bot.domain.sheet import TicketSheet
from bot.ports import ANNOUNCED
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, Block, people_said, section
from bot.views.message import Message
from bot.views.text import blank, clip, inline, mention, quoted, split, width
from bot.views.urgency import urgency

_FILES = 10  # named of one message
_ROOM = 11_000  # Slack has refused blocks of 13,200 characters in all, which it does not document


def deleted_note(user_id: str) -> Message:
    """Somebody on the client's side took a message of theirs away."""
    who = mention(user_id) if user_id else "Somebody"
    words = (
        f"{who} deleted a message of this ticket. Its words are erased here as well; the ticket"
        " and its clock stay."
    )
    return Message(words, [section(words)])


@dataclass(frozen=True, slots=True)
class Said:
    """A message of somebody on the client's side; `link` is mrkdwn."""

    words: str
    file_names: tuple[str, ...]
    link: str
    edited: bool
    deleted: bool


def mirrored(by: str, said: Sequence[Said], names: Mapping[str, str] | None = None) -> Message:
    """What a client's person (`by`, a Slack user ID) wrote within a minute, as far as one message
    goes: the words with the names of their files, and without them once deleted. `names`, by file
    ID, are those that Slack has said apart from the messages."""
    who = mention(by) if by else "Somebody"
    blocks = [block for one in said for block in _said(who, one, names or {})]
    shown = _with_room(blocks)[: BLOCKS_IN_A_MESSAGE - 1]
    on = [section("It goes on: see it there.")] if len(shown) < len(blocks) else []
    words = " ".join(one.words for one in said if not one.deleted)
    text = f"{who} wrote: {clip(words, 300)}".strip()
    unnamed = () if names is not None else _unnamed(said)
    return Message(text, [*shown, *on], unnamed=unnamed, named=partial(mirrored, by, said))


def _with_room(blocks: Sequence[Block]) -> list[Block]:
    """As many of the paragraphs as one message holds."""
    room = accumulate(width(block["text"]["text"]) for block in blocks)
    return [block for block, sum_ in zip(blocks, room, strict=True) if sum_ < _ROOM]


def _unnamed(said: Sequence[Said]) -> tuple[str, ...]:
    """The IDs of the files that are to be shown and that Slack has only announced."""
    files = [name for one in said if not one.deleted for name in one.file_names[:_FILES]]
    ids = [name.removeprefix(ANNOUNCED) for name in files if name.startswith(ANNOUNCED)]
    return tuple(dict.fromkeys(ids))[:_FILES]


def _said(who: str, said: Said, named: Mapping[str, str]) -> list[Block]:
    if said.deleted:
        return [section(f"{who} wrote here, and deleted it.")]
    first = f"{who} wrote{' (edited)' if said.edited else ''} · {said.link}"
    names = ", ".join(_file_name(name, named) for name in said.file_names[:_FILES])
    files = [section(f"With {names}")] if names else []
    words = [people_said(quoted(piece)) for piece in split(said.words, 1400)]
    return [section(first), *words, *files]


def _file_name(name: str, named: Mapping[str, str]) -> str:
    if name.startswith(ANNOUNCED):
        name = named.get(name.removeprefix(ANNOUNCED), "")
    return inline(name, 80, otherwise="a file")


def note(by: str, words: str) -> Message:
    """What a member of staff noted. Only staff read it."""
    first = f"Note by {mention(by)}:"
    # Quotation marks at most double a piece, and a section holds 3,000.
    pieces = [people_said(quoted(piece)) for piece in split(words, 1400)]
    return Message(f"{first} {clip(words, 300)}", [section(first), *_with_room(pieces)])


def joined_note(sheet: TicketSheet, by: str, link: str) -> Message:
    """Said under the card of a ticket as part of which another (`sheet`) goes on; `link`, as
    mrkdwn, leads to the other's thread with the client, "" where there is none."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    first = f"{mention(by)} has merged *{key}* into this ticket{f' · {link}' if link else ''}"
    said = clip(sheet.ticket.summary, 1000)
    words = [people_said(quoted(said))] if not blank(said) else []
    return Message(f"{first}. {clip(sheet.ticket.summary, 300)}".strip(), [section(first), *words])


def ended(sheet: TicketSheet, by: str) -> Message:
    """Said directly to whoever has a ticket that somebody else has resolved."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    text = f"{mention(by)} has resolved *{key}* of {client}, which is yours."
    return Message(text, [section(text)])


def woken(sheet: TicketSheet) -> Message:
    """Said directly to whoever has a ticket that was snoozed until now."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    said = clip(sheet.ticket.summary, 300)
    words = [people_said(quoted(said))] if not blank(said) else []
    text = f"*{key}* of {client} is back in your queue. {urgency(sheet, None)}."
    return Message(text, [section(text), *words])


def handed_over(sheet: TicketSheet, by: str, to: str, reader: str) -> Message:
    """Said directly to whoever got a ticket, or had it until now (`reader`)."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    about = f"*{key}* of {client}"
    if reader == to:
        text = f"{mention(by)} has given you {about}. {urgency(sheet, None)}."
    elif by == to:
        text = f"{mention(by)} has taken over {about}, which was yours."
    else:
        text = f"{mention(by)} has given {about}, which was yours, to {mention(to)}."
    return Message(text, [section(text)])
