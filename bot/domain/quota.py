"""Where a ticket stands in its period's quota."""

from dataclasses import dataclass

from bot.domain.money import Money
from bot.domain.plan import Quota


@dataclass(frozen=True, slots=True)
class Standing:
    """The `position` (1 = first by `opened_at`) of a counted ticket among those of its period.

    `price` is what this ticket costs: None if it is included.
    """

    position: int
    included: int | None
    price: Money | None


def standing(quota: Quota, position: int) -> Standing:
    """ "Ordered by `opened_at`: the first 20 are included, the rest cost the price in force at
    their opening."""
    beyond = quota.included is not None and position > quota.included
    return Standing(position, quota.included, quota.overage if beyond else None)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a client has used of its period so far."""

    used: int
    included: int | None
    overage: Money | None  # the sum to date; None while nothing is owed

    @property
    def percent(self) -> int:
        """Whole per cent of the quota used, rounded down; 0 where it is unlimited."""
        return self.used * 100 // self.included if self.included else 0


def usage(quota: Quota, used: int) -> Usage:
    """What so many counted tickets come to."""
    beyond = max(0, used - quota.included) if quota.included is not None else 0
    return Usage(used, quota.included, quota.overage * beyond if beyond and quota.overage else None)
