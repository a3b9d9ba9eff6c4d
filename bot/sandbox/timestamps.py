"""Slack's `ts`: seconds since 1970, a dot and six digits; unique within one channel."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from bot.time_source import aware


class Timestamps:
    """Gives out each channel's timestamps; the first one in a second is exact.

    Further ones in the same second count on in microseconds, so that a clock that stands still
    never gives two messages the same place. Two channels may well share a timestamp, as in Slack.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], int] = {}

    def next(self, channel: str, instant: datetime) -> str:
        instant = aware(instant)
        second = int(instant.replace(microsecond=0).timestamp())
        last = self._last.get((channel, second), -1)
        micro = max(instant.microsecond, last + 1)
        self._last[(channel, second)] = micro
        return f"{second + micro // 1_000_000}.{micro % 1_000_000:06d}"

    def follow(self, old: str, new: str) -> None:
        """Count on in the channel's new id where the old one was."""
        for place in [each for each in self._last if each[0] == old]:
            self._last[(new, place[1])] = self._last.pop(place)


def instant_of(ts: str) -> datetime:
    """The instant, in UTC, that a `ts` stands for."""
    return datetime.fromtimestamp(float(ts), UTC)


def number(ts: str) -> Decimal | None:
    """A `ts` as a number that compares exactly; None when it is not one."""
    try:
        value = Decimal(ts)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
