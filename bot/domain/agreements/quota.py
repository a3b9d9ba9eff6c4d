"""The position of a ticket in the quota of its period."""

from dataclasses import dataclass

from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Plan, Quota
from bot.domain.ticket import Source, Ticket, TicketState


@dataclass(frozen=True, slots=True)
class Standing:
    """The `position` of a counted ticket in its period, by `opened_at` from 1.

    `price` is the price of this ticket, None if it is included.
    """

    position: int
    included: int | None
    price: Money | None


def standing(quota: Quota, position: int, *, waived: bool = False) -> Standing:
    """Return the standing of the ticket at a position. A waived ticket has no price.

    "Ordered by `opened_at`: the first 20 are included, the rest cost the price in force at their
    opening".
    """
    beyond = quota.included is not None and position > quota.included and not waived
    return Standing(position, quota.included, quota.overage if beyond else None)


def counts(ticket: Ticket, plan: Plan) -> bool:
    """Return whether the ticket counts against the quota.

    "Not counted: not covered (billed as services), proactive or raised by an alert, merged into
    another, withdrawn before the first response, marked by staff as the vendor's own fault (with a
    reason)". A ticket that staff dismissed does not count either.
    """
    if ticket.source is Source.ALERT:
        return False
    if ticket.state in {TicketState.DISMISSED, TicketState.MERGED} or ticket.fault:
        return False
    if not plan.covers_kind(ticket.category):
        return False
    if ticket.state is TicketState.WITHDRAWN:
        answered_at, ended_at = ticket.first_response_at, ticket.resolved_at
        return answered_at is not None and ended_at is not None and answered_at <= ended_at
    return True


def notice_due(quota: Quota, used: int) -> int | None:
    """Return the threshold in per cent that the client is told about: "at 80 %, at 100 %".

    Returns None below 80 %, and if nothing is included: then the card of each ticket states its
    price.
    """
    if not quota.included:
        return None
    return next(
        (threshold for threshold in (100, 80) if used * 100 >= threshold * quota.included), None
    )


@dataclass(frozen=True, slots=True)
class Usage:
    """The tickets that a client has used in its current period."""

    used: int
    included: int | None
    overage: Money | None  # the total to date; None if nothing is charged

    @property
    def percent(self) -> int:
        """Return the per cent of the quota used, rounded down; 0 if the quota is unlimited."""
        return self.used * 100 // self.included if self.included else 0
