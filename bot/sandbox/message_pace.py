"""Slack's limit for messages: "1 per second per channel", with short bursts tolerated."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    level: float
    at: float


class MessagePace:
    """A token bucket for each channel, which refills by `a_second` messages in a second."""

    def __init__(self, time: Callable[[], float], *, burst: int = 5, a_second: float = 1.0) -> None:
        self._time = time
        self._burst = burst
        self._a_second = a_second
        self._buckets: dict[str, _Bucket] = {}

    def wait_before(self, channel: str) -> int:
        """Return the whole seconds to wait, as in `Retry-After`, or 0 if the message may pass."""
        now = self._time()
        bucket = self._buckets.setdefault(channel, _Bucket(self._burst, now))
        refilled = bucket.level + (now - bucket.at) * self._a_second
        bucket.level, bucket.at = min(self._burst, refilled), now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0
        return max(1, math.ceil((1 - bucket.level) / self._a_second))
