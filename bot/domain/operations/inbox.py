"""Deliveries from Slack and their inbox rows."""

from dataclasses import dataclass
from datetime import datetime

from bot.json_types import Json


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery from Slack.

    `key` identifies repeated deliveries; `lane` is the channel it concerns.
    """

    key: str
    lane: str
    body: Json


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored delivery, unchanged.

    `lane` is its channel: deliveries in a lane are processed in order.
    """

    id: int
    lane: str
    body: Json
    attempts: int


@dataclass(frozen=True, slots=True)
class Parked:
    """A delivery that was given up.

    `outcome` states the number of attempts and the reference of the error in the log.
    """

    id: int
    lane: str
    at: datetime
    outcome: str
