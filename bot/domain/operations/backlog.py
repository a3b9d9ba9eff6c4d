"""How much work waits, and since when."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Backlog:
    """The numbers of waiting rows, and since when the oldest row could have been processed."""

    deliveries: int
    delivered_at: datetime | None
    owed: int
    owed_since: datetime | None
    due: int
    due_at: datetime | None
