"""Pages of long lists, and the stretch of time that a history is asked for."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from bot.sandbox.answers import SlackError
from bot.sandbox.arguments import Arguments
from bot.sandbox.timestamps import number

LARGEST_PAGE = 999
Item = TypeVar("Item")


@dataclass(frozen=True)
class Window:
    """`oldest` and `latest`, both outside the stretch unless `inclusive`."""

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
    given = arguments.text(name)
    if not given or given == "now":
        return None
    value = number(given)
    if value is None:
        raise SlackError(f"invalid_ts_{name}")
    return value


def page(
    items: Sequence[Item], arguments: Arguments, default_limit: int
) -> tuple[Sequence[Item], str]:
    """One page and the cursor of the next, empty after the last.

    Slack: "the maximum number of items to return", up to 999 at once.
    """
    limit = arguments.number("limit", default_limit) or default_limit
    start = _start(arguments.text("cursor"))
    end = start + min(limit, LARGEST_PAGE)
    more = end < len(items)
    return items[start:end], b64encode(f"next:{end}".encode()).decode() if more else ""


def _start(cursor: str) -> int:
    """Where a cursor points; only those given out here are taken."""
    if not cursor:
        return 0
    try:
        word, _, position = b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as malformed:
        raise SlackError("invalid_cursor") from malformed
    if word != "next" or not position.isdecimal():
        raise SlackError("invalid_cursor")
    return int(position)
