"""Events: the lines of a ticket's append-only history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a ticket's history.

    `actor` is a Slack user ID, or "deskbell" for automatic events.
    """

    ticket_id: int
    at: datetime  # when it happened, not when it was recorded
    actor: str
    kind: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
