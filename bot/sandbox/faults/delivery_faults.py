"""Faults of deliveries: an event arrives twice, late, out of order or never.

Slack's documentation promises neither the order of events nor that each event arrives once.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Duplicate:
    """The event arrives `more` additional times with the same `event_id`."""

    more: int = 1


@dataclass(frozen=True)
class Delay:
    """The event arrives this many real seconds late."""

    seconds: float


@dataclass(frozen=True)
class Behind:
    """The event arrives after the next `others` events."""

    others: int = 1


@dataclass(frozen=True)
class Hold:
    """The event waits until `release`."""


@dataclass(frozen=True)
class Lose:
    """The event never arrives; the message can only be read from the history of the channel."""


LateOrLost = Duplicate | Delay | Behind | Hold | Lose


class DeliveryFault:
    """The names that tests use to order a fault, for example `DeliveryFault.DELAY(0.5)`."""

    DUPLICATE = Duplicate()
    DUPLICATES = Duplicate
    DELAY = Delay
    BEHIND = Behind
    HOLD = Hold()
    LOSE = Lose()
