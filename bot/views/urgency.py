"""The state of a ticket's first response, in words for staff."""

from datetime import datetime

from bot.domain.deadline import earliest_deadline
from bot.domain.promised import ClockState
from bot.domain.sheet import TicketSheet
from bot.domain.ticket import TicketState
from bot.views.text import inline, moment

_ENDED = {
    TicketState.RESOLVED: "Resolved",
    TicketState.WITHDRAWN: "*Withdrawn by the client*",
    TicketState.DISMISSED: "*Not a ticket*, said staff",
    TicketState.MERGED: "*Merged into {}*",
}


def urgency(sheet: TicketSheet, now: datetime | None) -> str:
    """Return the state as a short line of mrkdwn without a full stop. `now` (aware) adds "At risk"
    and "Late", which depend on the time."""
    if not sheet.ticket.is_open:
        return _resolved(sheet)
    if sheet.clock is ClockState.RUNNING:
        return _running(sheet, now)
    return _settled(sheet)


def _resolved(sheet: TicketSheet) -> str:
    into = inline(sheet.ticket.merged_into or "", 80, otherwise="another")
    at, ended = sheet.ticket.resolved_at, _ENDED[sheet.ticket.state].format(into)
    resolved = f"{ended} {moment(at, sheet.plan.zone)}" if at else ended
    late = sheet.clock in {ClockState.BREACHING, ClockState.BREACHED}
    return f"{resolved} · {_settled(sheet)}" if late else resolved


def _settled(sheet: TicketSheet) -> str:
    zone, late, answered = sheet.plan.zone, sheet.breached_at, sheet.ticket.first_response_at
    reply = f"answered {moment(answered, zone)}" if answered else "not answered yet"
    if late:
        return f"*Late since* {moment(late, zone)}, {reply}"
    if answered:
        return f"Answered in time, {moment(answered, zone)}" if sheet.promise.due_at else "Answered"
    return "Waiting for an answer"


def _running(sheet: TicketSheet, now: datetime | None) -> str:
    due, warn = sheet.promise.due_at, sheet.promise.warn_at
    if now and due and now >= due:
        untriaged = f"*Untriaged, and late if {earliest_label(sheet)}*"
        return untriaged if sheet.ticket.severity is None else "*Late*"
    if now and warn and now >= warn:
        return "*At risk*"
    return "Waiting for an answer"


def earliest_label(sheet: TicketSheet) -> str:
    """Return the label of the severity with the earliest deadline. A ticket without a severity is
    late at that time only if it has this severity."""
    earliest = earliest_deadline(sheet.plan, sheet.ticket.opened_at)
    label = sheet.plan.promise(earliest[0]).severity.label if earliest else ""
    return inline(label, 75, otherwise="it is urgent")


def severity_label(sheet: TicketSheet) -> str:
    """Return the label of the ticket's severity, escaped; its ID if the plan no longer has it."""
    chosen = sheet.ticket.severity
    if chosen is None:
        return "no severity yet"
    labels = {promise.severity.id: promise.severity.label for promise in sheet.plan.promises}
    return inline(labels.get(chosen, chosen), 75, otherwise=chosen)
