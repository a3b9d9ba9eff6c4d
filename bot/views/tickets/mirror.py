"""A client's messages as shown in the ticket's thread in triage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from bot.domain.intake.channel_message import ANNOUNCED
from bot.views.blocks import BLOCKS_IN_A_MESSAGE, Block, people_said, section
from bot.views.message import Message
from bot.views.text import clip, inline, mention, quoted, split, width

_FILES = 10  # files named for each message


_ROOM = 11_000  # Slack has refused 13,200 characters in blocks; it documents no limit


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
