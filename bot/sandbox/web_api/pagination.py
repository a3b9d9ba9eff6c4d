"""Pagination of long lists, and the time window of a history."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from bot.sandbox.errors import SlackError
from bot.sandbox.web_api.arguments import Arguments
from bot.sandbox.workspace.timestamps import number

LARGEST_PAGE = 999
Item = TypeVar("Item")


@dataclass(frozen=True)
class Window:
    """The range from `oldest` to `latest`. Both ends are excluded unless `inclusive`."""

    oldest: Decimal | None
    latest: Decimal | None
    inclusive: bool

    @classmethod
    def of(cls, arguments: Arguments) -> "Window":
        oldest = _limit(arguments, "oldest")
        latest = _limit(arguments, "latest")
        return cls(oldest, latest, arguments.flag("inclusive"))

    def holds(self, ts: str) -> bool:
        at = Decimal(ts)
        if self.inclusive and at in (self.oldest, self.latest):
            return True
        after = self.oldest is None or at > self.oldest
        return after and (self.latest is None or at < self.latest)


def _limit(arguments: Arguments, name: str) -> Decimal | None:
    ts = arguments.text(name)
    if not ts or ts == "now":
        return None
    value = number(ts)
    if value is None:
        raise SlackError(f"invalid_ts_{name}")
    return value


def page(
    items: Sequence[Item],
    arguments: Arguments,
    default_limit: int,
    key: Callable[[Item], str],
    *,
    newest_first: bool = False,
) -> tuple[Sequence[Item], str]:
    """Return a page and the cursor of the next page, which is empty after the last page.

    The items are sorted by `key`. The cursor names a key and not a count, so that items added or
    removed between two calls move no other item to another page. Slack: "the maximum number of
    items to return", up to 999 at once.
    """
    limit = min(arguments.number("limit", default_limit) or default_limit, LARGEST_PAGE)
    start = _place(arguments.text("cursor"))
    rest = [item for item in items if not _before(key(item), start, newest_first=newest_first)]
    if len(rest) <= limit:
        return rest, ""
    return rest[:limit], b64encode(f"next:{key(rest[limit])}".encode()).decode()


def _before(place: str, start: str, *, newest_first: bool) -> bool:
    """Return whether an earlier page has shown the item at this place."""
    if not start:
        return False
    return place > start if newest_first else place < start


def _place(cursor: str) -> str:
    """Return the key that a cursor names. Raises SlackError for a foreign cursor."""
    if not cursor:
        return ""
    try:
        word, _, place = b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as malformed:
        raise SlackError("invalid_cursor") from malformed
    if word != "next" or not place:
        raise SlackError("invalid_cursor")
    return place
