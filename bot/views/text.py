"""Escaping and shortening of words for Slack's mrkdwn, and mentions and date tokens."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.time_source import aware

_USER_ID = re.compile(r"[UW][A-Z0-9]+")
# Overrides and isolates reverse the rest of a line; the plain marks (U+200E, U+200F) do not.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_JOINER = "\u200d"
_LONGEST = 5  # the most UTF-16 units that one character needs: `&amp;`


def escape(words: str) -> str:
    """Return the words with `&`, `<` and `>` as entities, so that they contain no mention and no
    link.

    "There are three characters you must convert to HTML entities and only three" (Slack's
    documentation). Words are stored unescaped; builders escape them when they insert them into
    mrkdwn.
    """
    return sound(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sound(words: str) -> str:
    """Return the words with lone surrogates replaced, because UTF-8 cannot encode them."""
    return words.encode("utf-8", "replace").decode("utf-8")


def width(words: str) -> int:
    """Return the length in UTF-16 units. Slack does not document its unit, and UTF-16 gives the
    highest count."""
    if words.isascii():
        return len(words)
    return len(words) + sum(character > "\uffff" for character in words)


def blank(words: str) -> bool:
    """Return whether the words have no visible character. Slack refuses empty texts."""
    return all(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}
        for character in words
    )


def clip(words: str, limit: int) -> str:
    """Return the words escaped, in at most `limit` characters. Longer words end after a whole word
    and with "…"."""
    return escape(_shortened(words, limit, escape))


def clip_plain(words: str, limit: int) -> str:
    """Return the words like `clip`, but for Slack's `plain_text`, which needs no escaping."""
    return _shortened(words, limit, sound)


def inline(words: str, limit: int, *, otherwise: str) -> str:
    """Return a name or a label for use within a line: escaped, clipped, without line breaks, and
    without the characters that reverse the line's direction. Returns `otherwise` if no character is
    visible."""
    line = one_line(words)
    return otherwise if blank(line) else clip(line, limit)


def one_line(words: str) -> str:
    return " ".join(_TURNING.sub("", words).split())


def split(words: str, limit: int) -> list[str]:
    """Return all the words, escaped, in pieces of at most `limit` characters.

    Pieces end at line breaks or spaces where possible. Returns an empty list if no character is
    visible.
    """
    rest = "" if blank(words) else sound(words).strip()
    pieces = []
    while rest:
        end = _fitting(rest, limit, escape)
        end = end if end == len(rest) else _last_break(rest, end)
        pieces.append(escape(rest[:end].rstrip()))
        rest = rest[end:].lstrip()
    return pieces


def quoted(words: str) -> str:
    """Return escaped words as a quotation; its length is at most twice that of the words, plus
    1."""
    return "\n".join(f">{line}" for line in words.splitlines())


def moment(instant: datetime, zone: str) -> str:
    """Return a date token, which Slack shows in the reader's time zone. `instant` is aware; the
    fallback text of the token is in `zone` (IANA).

    `<!date^…^{date_short_pretty} at {time}|Fri 13 Mar, 14:00 PKT>`
    """
    local = aware(instant).astimezone(ZoneInfo(zone))
    name = local.tzname() or ""
    name = name if name[:1].isalpha() else f"UTC{name}"
    fallback = f"{local:%a} {local.day} {local:%b, %H:%M} {name}"
    return f"<!date^{int(local.timestamp())}^{{date_short_pretty}} at {{time}}|{fallback}>"


def mention(user_id: str) -> str:
    """Return the mention of a Slack user ID. Any other text is escaped and shown as it is, and
    mentions nobody."""
    if _USER_ID.fullmatch(user_id):
        return f"<@{user_id}>"
    return inline(user_id, 80, otherwise="somebody")


def _shortened(words: str, limit: int, render: Callable[[str], str]) -> str:
    whole = words.strip() if words.isascii() else sound(words).strip()
    if _fitting(whole, limit, render) == len(whole):
        return whole
    end = _fitting(whole, limit - 1, render)
    return whole[: _last_break(whole, end)].rstrip().rstrip(_JOINER) + "…"


def _fitting(words: str, limit: int, render: Callable[[str], str]) -> int:
    """Return how many characters from the start fit within the limit after `render`."""
    if _LONGEST * len(words) <= limit or width(render(words)) <= limit:
        return len(words)
    end = min(limit, len(words))
    while (over := width(render(words[:end])) - limit) > 0:
        end -= -(-over // _LONGEST)  # a removed character saves at most _LONGEST units
    return end


def _last_break(words: str, end: int) -> int:
    """Return the last place at or before `end` to break the words: a line break, else a space, in
    the second half. If there is none, the word is cut at `end`."""
    if words[end].isspace():
        return end
    half = end // 2
    line = words.rfind("\n", half, end)
    space = words.rfind(" ", half, end)
    return next((index for index in (line, space) if index > 0), end)
