"""Where a ticket stands in its period's quota."""

from dataclasses import dataclass

from bot.domain.money import Money
from bot.domain.plan import Plan, Quota
from bot.domain.ticket import Source, Ticket, TicketState


@dataclass(frozen=True, slots=True)
class Standing:
    """The `position` (1 = first by `opened_at`) of a counted ticket among those of its period.

    `price` is what this ticket costs: None if it is included.
    """

    position: int
    included: int | None
    price: Money | None


def standing(quota: Quota, position: int, *, waived: bool = False) -> Standing:
    """ "Ordered by `opened_at`: the first 20 are included, the rest cost the price in force at
    their opening", unless a manager has waived it."""
    beyond = quota.included is not None and position > quota.included and not waived
    return Standing(position, quota.included, quota.overage if beyond else None)


def counts(ticket: Ticket, plan: Plan) -> bool:
    """ "Not counted: not covered (billed as services), proactive or raised by an alert, merged into
    another, withdrawn before the first response, marked by staff as the vendor's own fault (with a
    reason)"; nor what was no ticket at all."""
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
    """Of which part of the quota the client is told now, in per cent: "at 80 %, at 100 %"; None
    below, and where nothing is included: then each ticket's own card says what it costs."""
    if not quota.included:
        return None
    return next((part for part in (100, 80) if used * 100 >= part * quota.included), None)


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
