"""Slack message timestamps (`ts`) and the instants that they name."""

from datetime import UTC, datetime, timedelta

from bot.time_source import aware

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(ts: str) -> datetime:
    """Return the exact instant of a Slack `ts` ("1773378000.000200"), in UTC."""
    seconds, _, fraction = ts.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(fraction.ljust(6, "0")[:6]))


def ts_of(instant: datetime) -> str:
    """Return the Slack `ts` of an instant."""
    microseconds = (aware(instant) - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"
