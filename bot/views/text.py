"""Words made safe and short for Slack's mrkdwn, and instants and people written in it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock import aware

_USER_ID = re.compile(r"[UW][A-Z0-9]+")
# Overrides and isolates turn the rest of a line around; the plain marks (U+200E, U+200F) do not.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINER = "\u200d"
_LONGEST = 5  # units that a character can take: `&amp;`


def escape(words: str) -> str:
    """The words with `&`, `<` and `>` as entities, so that `<!channel>` and mentions are inert.

    "There are three characters you must convert to HTML entities and only three" (Slack).
    Words are stored raw; this is the last step before they are shown as mrkdwn.
    """
    return sound(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sound(words: str) -> str:
    """The words without halves of characters (lone surrogates), which no request can carry."""
    return words.encode("utf-8", "replace").decode("utf-8")


def width(words: str) -> int:
    """Length in UTF-16 units: Slack does not say what it counts, and this is never less."""
    if words.isascii():
        return len(words)
    return len(words) + sum(character > "\uffff" for character in words)


def blank(words: str) -> bool:
    """Whether nothing of the words can be seen; Slack refuses an empty text."""
    return all(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}
        for character in words
    )


def clip(words: str, limit: int) -> str:
    """The words escaped, in at most `limit` characters, ended at a word with "…"."""
    return escape(_shortened(words, limit, escape))


def clip_plain(words: str, limit: int) -> str:
    """The same for Slack's `plain_text`, in which nothing is escaped."""
    return _shortened(words, limit, sound)


def inline(words: str, limit: int, *, otherwise: str) -> str:
    """A name or a label within a line of ours: escaped, clipped, without line breaks and without
    the characters that turn the line's direction; `otherwise` where nothing can be seen."""
    line = one_line(words)
    return otherwise if blank(line) else clip(line, limit)


def one_line(words: str) -> str:
    return " ".join(_TURNING.sub("", words).split())


def split(words: str, limit: int) -> list[str]:
    """All the words, escaped, in pieces of at most `limit` characters, parted at line ends or
    spaces where there are any; no pieces for words without any character to see."""
    rest = "" if blank(words) else sound(words).strip()
    pieces = []
    while rest:
        end = _fitting(rest, limit, escape)
        end = end if end == len(rest) else _last_break(rest, end)
        pieces.append(escape(rest[:end].rstrip()))
        rest = rest[end:].lstrip()
    return pieces


def quoted(words: str) -> str:
    """Escaped words as a quotation; at most twice as long, and one more."""
    return "\n".join(f">{line}" for line in words.splitlines())


def moment(instant: datetime, zone: str) -> str:
    """An aware instant, shown by Slack in the reader's own time; where it cannot, the fallback
    is in `zone` (IANA): `<!date^…^{date_short_pretty} at {time}|Fri 13 Mar, 14:00 PKT>`."""
    local = aware(instant).astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    name = name if name[:1].isalpha() else f"UTC{name}"
    fallback = f"{local:%a} {local.day} {local:%b, %H:%M} {name}"
    return f"<!date^{int(local.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def mention(user_id: str) -> str:
    """A person by Slack user ID; anything that is none is shown as it stands, and tells nobody."""
    if _USER_ID.fullmatch(user_id):
        return f"<@{user_id}>"
    return inline(user_id, 80, otherwise="somebody")


def _shortened(words: str, limit: int, written: Callable[[str], str]) -> str:
    whole = words.strip() if words.isascii() else sound(words).strip()
    if _fitting(whole, limit, written) == len(whole):
        return whole
    end = _fitting(whole, limit - 1, written)
    return whole[: _last_break(whole, end)].rstrip().rstrip(_JOINER) + "…"


def _fitting(words: str, limit: int, written: Callable[[str], str]) -> int:
    """How many of the first characters are, as `written`, within the limit."""
    if _LONGEST * len(words) <= limit or width(written(words)) <= limit:
        return len(words)
    end = min(limit, len(words))
    while (over := width(written(words[:end])) - limit) > 0:
        end -= -(-over // _LONGEST)  # so many are too many at least
    return end


def _last_break(words: str, end: int) -> int:
    """The last place to part the words at or before `end`: a line's end, else a space, in the
    second half; a longer word than that is cut."""
    if words[end].isspace():
        return end
    half = end // 2
    line = words.rfind("\n", half, end)
    space = words.rfind(" ", half, end)
    return next((at for at in (line, space) if at > 0), end)
