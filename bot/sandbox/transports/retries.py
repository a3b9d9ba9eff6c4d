"""When Slack repeats an event that the app has not acknowledged. All times are real seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

ACK_SECONDS = 3.0
"""The Events API: the app has three seconds to acknowledge an event."""

RETRY_SECONDS = (0.0, 60.0, 300.0)
"""The Events API, "Retries": "nearly immediately", after 1 minute, after 5 minutes."""

DELAYED_EVENTS = (3600.0,) * 24
"""The Events API, "Delayed Events": hourly for 24 hours after the third repeat."""


@dataclass(frozen=True)
class RetrySchedule:
    """The time for an acknowledgement, the waits before repeats and the waits of Delayed Events.

    `delayed_seconds` is None without Delayed Events.
    """

    ack_seconds: float = ACK_SECONDS
    retry_seconds: Sequence[float] = RETRY_SECONDS
    delayed_seconds: Sequence[float] | None = None
