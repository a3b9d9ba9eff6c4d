"""Where tickets stand in their client's quota, as their cards say it."""

from datetime import datetime

from bot.domain.period import period_of
from bot.domain.ticket import Ticket, TicketState
from bot.usecases.desk import Desk


async def count_anew(desk: Desk, ticket: Ticket) -> None:
    """A ticket has come to count, or counts no more: "a ticket that reaches us late takes its own
    place in that order", and the cards of those that were opened after it say another number."""
    plan = await desk.plan_of(ticket)
    if plan.quota.included is not None:
        for later in await desk.work.tickets.after(ticket, period_of(ticket.opened_at, plan.zone)):
            await desk.refresh_cards(later)


def was_answered_first(ticket: Ticket, answered_at: datetime) -> bool:
    """Whether a ticket that its client withdrew had been answered by then, as an answer says that
    reaches us late: only what was "withdrawn before the first response" is not counted."""
    ended_at = ticket.resolved_at
    withdrawn = ticket.state is TicketState.WITHDRAWN
    return withdrawn and ended_at is not None and answered_at <= ended_at
