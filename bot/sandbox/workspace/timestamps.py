"""Slack's `ts`: Unix seconds, a dot and six digits, unique within a channel."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from bot.sandbox.clock import in_utc


class Timestamps:
    """Issues the timestamps of each channel.

    The first timestamp in a second is exact; further timestamps add microseconds, so that two
    messages differ even while the clock stands still. As in Slack, two channels can share a
    timestamp.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], int] = {}

    def next(self, channel: str, instant: datetime) -> str:
        instant = in_utc(instant)
        second = int(instant.replace(microsecond=0).timestamp())
        last = self._last.get((channel, second), -1)
        micro = max(instant.microsecond, last + 1)
        self._last[(channel, second)] = micro
        return f"{second + micro // 1_000_000}.{micro % 1_000_000:06d}"

    def change_channel_id(self, old: str, new: str) -> None:
        """Continue the timestamps of a channel under its new ID."""
        for channel, second in [key for key in self._last if key[0] == old]:
            self._last[(new, second)] = self._last.pop((channel, second))


def number(ts: str) -> Decimal | None:
    """Return a `ts` as an exact number, or None if it is malformed."""
    try:
        value = Decimal(ts)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
