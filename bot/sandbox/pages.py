"""Pages of long lists, and the stretch of time that a history is asked for."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
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
    items: Sequence[Item],
    arguments: Arguments,
    default_limit: int,
    key: Callable[[Item], str],
    *,
    newest_first: bool = False,
) -> tuple[Sequence[Item], str]:
    """One page and the cursor of the next, empty after the last.

    The items are sorted by `key`, and the cursor names the place and not a count, so that what
    comes or goes between two pages moves nothing from one to the other. Slack: "the maximum
    number of items to return", up to 999 at once.
    """
    limit = min(arguments.number("limit", default_limit) or default_limit, LARGEST_PAGE)
    start = _place(arguments.text("cursor"))
    left = [each for each in items if not _before(key(each), start, newest_first=newest_first)]
    following = left[limit : limit + 1]
    cursor = "".join(b64encode(f"next:{key(each)}".encode()).decode() for each in following)
    return left[:limit], cursor


def _before(place: str, start: str, *, newest_first: bool) -> bool:
    """Whether an earlier page has shown this place."""
    if not start:
        return False
    return place > start if newest_first else place < start


def _place(cursor: str) -> str:
    """Where a cursor points; only those given out here are taken."""
    if not cursor:
        return ""
    try:
        word, _, place = b64decode(cursor, validate=True).decode().partition(":")
    except ValueError as malformed:
        raise SlackError("invalid_cursor") from malformed
    if word != "next" or not place:
        raise SlackError("invalid_cursor")
    return place
