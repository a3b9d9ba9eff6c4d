"""The state of a ticket's first response, in words for staff."""

from datetime import datetime

from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.targets.due_time import earliest_due_time
from bot.domain.ticket import TicketState
from bot.domain.tickets.ticket_view import TicketView
from bot.views.text import inline, moment

_ENDED = {
    TicketState.RESOLVED: "Resolved",
    TicketState.WITHDRAWN: "*Withdrawn by the client*",
    TicketState.DISMISSED: "*Not a ticket*, said staff",
    TicketState.MERGED: "*Merged into {}*",
}


def urgency(ticket_view: TicketView, now: datetime | None) -> str:
    """Return the state as a short line of mrkdwn without a full stop. `now` (aware) adds "At risk"
    and "Late", which depend on the time."""
    if not ticket_view.ticket.is_open:
        return _resolved(ticket_view)
    if ticket_view.clock is ClockState.RUNNING:
        return _running(ticket_view, now)
    return _settled(ticket_view)


def _resolved(ticket_view: TicketView) -> str:
    into = inline(ticket_view.ticket.merged_into or "", 80, otherwise="another")
    at, ended = ticket_view.ticket.resolved_at, _ENDED[ticket_view.ticket.state].format(into)
    resolved = f"{ended} {moment(at, ticket_view.plan.zone)}" if at else ended
    late = ticket_view.clock in {ClockState.BREACHING, ClockState.BREACHED}
    return f"{resolved} · {_settled(ticket_view)}" if late else resolved


def _settled(ticket_view: TicketView) -> str:
    zone, late, answered = (
        ticket_view.plan.zone,
        ticket_view.breached_at,
        ticket_view.ticket.first_response_at,
    )
    reply = f"answered {moment(answered, zone)}" if answered else "not answered yet"
    if late:
        return f"*Late since* {moment(late, zone)}, {reply}"
    if answered:
        return (
            f"Answered in time, {moment(answered, zone)}"
            if ticket_view.deadline.due_at
            else "Answered"
        )
    return "Waiting for an answer"


def _running(ticket_view: TicketView, now: datetime | None) -> str:
    due, warn = ticket_view.deadline.due_at, ticket_view.deadline.warn_at
    if now and due and now >= due:
        untriaged = f"*Untriaged, and late if {earliest_label(ticket_view)}*"
        return untriaged if ticket_view.ticket.severity is None else "*Late*"
    if now and warn and now >= warn:
        return "*At risk*"
    return "Waiting for an answer"


def earliest_label(ticket_view: TicketView) -> str:
    """Return the label of the severity with the earliest deadline. A ticket without a severity is
    late at that time only if it has this severity."""
    earliest = earliest_due_time(ticket_view.plan, ticket_view.ticket.opened_at)
    label = ticket_view.plan.sla_target(earliest[0]).severity.label if earliest else ""
    return inline(label, 75, otherwise="it is urgent")


def severity_label(ticket_view: TicketView) -> str:
    """Return the label of the ticket's severity, escaped; its ID if the plan no longer has it."""
    chosen = ticket_view.ticket.severity
    if chosen is None:
        return "no severity yet"
    labels = {
        sla_target.severity.id: sla_target.severity.label
        for sla_target in ticket_view.plan.sla_targets
    }
    return inline(labels.get(chosen, chosen), 75, otherwise=chosen)
