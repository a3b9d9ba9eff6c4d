"""Messages to staff about a ticket: in the thread of its triage card, and direct messages."""

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

_FILES = 10  # files named for each message
_ROOM = 11_000  # Slack has refused 13,200 characters in blocks; it documents no limit


def deleted_note(user_id: str) -> Message:
    """Return the note that the client's user `user_id` deleted a message of the ticket; "" for an
    unknown user."""
    who = mention(user_id) if user_id else "Somebody"
    words = (
        f"{who} deleted a message of this ticket. Its words are erased here as well; the ticket"
        " and its clock stay."
    )
    return Message(words, [section(words)])


@dataclass(frozen=True, slots=True)
class Said:
    """A message by somebody on the client's side; `link` is mrkdwn."""

    words: str
    file_names: tuple[str, ...]
    link: str
    edited: bool
    deleted: bool


def mirrored(by: str, messages: Sequence[Said], names: Mapping[str, str] | None = None) -> Message:
    """Return the messages that a client's user (`by`, a Slack user ID) posted within a minute,
    within the limits of a message.

    Each has its words and the names of its files, or says that it was deleted. `names` maps IDs to
    names of files that Slack only announced in the messages; with None, the result lists the IDs to
    look up in `unnamed`.
    """
    who = mention(by) if by else "Somebody"
    blocks = [
        block for message in messages for block in _mirrored_blocks(who, message, names or {})
    ]
    shown = _with_room(blocks)[: BLOCKS_IN_A_MESSAGE - 1]
    rest = [section("It goes on: see it there.")] if len(shown) < len(blocks) else []
    words = " ".join(message.words for message in messages if not message.deleted)
    text = f"{who} wrote: {clip(words, 300)}".strip()
    unnamed = () if names is not None else _unnamed(messages)
    return Message(text, [*shown, *rest], unnamed=unnamed, named=partial(mirrored, by, messages))


def _with_room(blocks: Sequence[Block]) -> list[Block]:
    """Return the paragraphs from the start that fit in a message."""
    room = accumulate(width(block["text"]["text"]) for block in blocks)
    return [block for block, total in zip(blocks, room, strict=True) if total < _ROOM]


def _unnamed(messages: Sequence[Said]) -> tuple[str, ...]:
    """Return the IDs of files to name of which Slack has sent only the ID."""
    files = [
        name for message in messages if not message.deleted for name in message.file_names[:_FILES]
    ]
    ids = [name.removeprefix(ANNOUNCED) for name in files if name.startswith(ANNOUNCED)]
    return tuple(dict.fromkeys(ids))[:_FILES]


def _mirrored_blocks(who: str, message: Said, named: Mapping[str, str]) -> list[Block]:
    if message.deleted:
        return [section(f"{who} wrote here, and deleted it.")]
    first = f"{who} wrote{' (edited)' if message.edited else ''} · {message.link}"
    names = ", ".join(_file_name(name, named) for name in message.file_names[:_FILES])
    files = [section(f"With {names}")] if names else []
    words = [people_said(quoted(piece)) for piece in split(message.words, 1400)]
    return [section(first), *words, *files]


def _file_name(name: str, named: Mapping[str, str]) -> str:
    if name.startswith(ANNOUNCED):
        name = named.get(name.removeprefix(ANNOUNCED), "")
    return inline(name, 80, otherwise="a file")


def note(by: str, words: str) -> Message:
    """Return a note by a member of staff (`by`), which only staff read."""
    first = f"Note by {mention(by)}:"
    # Quoting at most doubles a piece, and a section holds 3,000 characters.
    pieces = [people_said(quoted(piece)) for piece in split(words, 1400)]
    return Message(f"{first} {clip(words, 300)}", [section(first), *_with_room(pieces)])


def joined_note(sheet: TicketSheet, by: str, link: str) -> Message:
    """Return the note in the triage thread of the ticket into which `sheet` was merged.

    `link` (mrkdwn) leads to the merged ticket's thread with the client, "" if it has none.
    """
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    first = f"{mention(by)} has merged *{key}* into this ticket{f' · {link}' if link else ''}"
    excerpt = clip(sheet.ticket.summary, 1000)
    words = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    return Message(f"{first}. {clip(sheet.ticket.summary, 300)}".strip(), [section(first), *words])


def ended(sheet: TicketSheet, by: str) -> Message:
    """Return the direct message to the assignee of a ticket that a colleague (`by`) has
    resolved."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    text = f"{mention(by)} has resolved *{key}* of {client}, which is yours."
    return Message(text, [section(text)])


def woken(sheet: TicketSheet) -> Message:
    """Return the direct message to the assignee of a ticket whose snooze has ended."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    excerpt = clip(sheet.ticket.summary, 300)
    words = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    text = f"*{key}* of {client} is back in your queue. {urgency(sheet, None)}."
    return Message(text, [section(text), *words])


def handed_over(sheet: TicketSheet, by: str, to: str, reader: str) -> Message:
    """Return the direct message to the new or the former assignee (`reader`) of a ticket that `by`
    has assigned to `to`."""
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
