"""Whether a ping is still news."""

from datetime import datetime

from bot.domain.escalation.decision import Rung, later_steps, rungs
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.tickets.ticket_view import TicketView


def still_stands(ticket_view: TicketView, rung: Rung) -> bool:
    """Return whether a step still applies to the ticket.

    It does not if the ticket is closed, its clock is paused, or its deadline has changed or gone.
    """
    if ticket_view.clock in {ClockState.NONE, ClockState.PAUSED} or not ticket_view.ticket.is_open:
        return False
    ladder = ticket_view.plan.ladder(ticket_view.deadline.severity)
    return rung in rungs(ticket_view.deadline, ladder)


def come_since(ticket_view: TicketView, rung: Rung, now: datetime) -> tuple[Rung, ...]:
    """Return the later steps of the same clock that were reached by `now`.

    Each sends its own pings.
    """
    return later_steps(
        rung.step, ticket_view.deadline, ticket_view.plan.ladder(ticket_view.deadline.severity), now
    )
