"""The client's view of a ticket: the card in the client's thread."""

from bot.domain.sla.targets.sla_target import Severity
from bot.domain.ticket import TicketState
from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import Block, actions, button, confirmation, people_said, section
from bot.views.card_lines import quota_line
from bot.views.ids import NOT_SOLVED
from bot.views.message import Message
from bot.views.text import blank, clip, inline, mention, moment, quoted
from bot.views.tickets.closing.merge import goes_on
from bot.views.tickets.closing.reopen import NEEDED_AFTER_ALL_LABEL
from bot.views.tickets.closing.resolve import resolved_buttons
from bot.views.tickets.closing.withdraw import withdraw_button
from bot.views.tickets.triage.severity import client_severity

_HEADINGS = {
    TicketState.OPEN: "We have your request as {}.",
    TicketState.RESOLVED: "{} is resolved.",
    TicketState.WITHDRAWN: "{} is withdrawn, and we do no more about it.",
    TicketState.DISMISSED: "{} was taken for a request by mistake, and is closed.",
    TicketState.MERGED: "{} goes on as part of another request.",
}
_TAKEN_BACK = frozenset({TicketState.WITHDRAWN, TicketState.DISMISSED})
_NOT_WORKED_ON = _TAKEN_BACK | {TicketState.MERGED}


def client_card(ticket_view: ClientTicketView) -> Message:
    """Return the client's card of a ticket. Its lines are short and its blocks few, for phones, and
    no meaning depends on colour."""
    essential = [
        _heading(ticket_view),
        _sla_target(ticket_view),
        _severity(ticket_view),
        _kind(ticket_view),
    ]
    lines = [
        *essential,
        *_further(ticket_view),
        _state(ticket_view),
        _who(ticket_view),
        _quota(ticket_view),
    ]
    shown = "\n".join(line for line in lines if line)
    text = " ".join(line for line in essential if line)
    return Message(text, [section(shown), *_resolution(ticket_view), *_buttons(ticket_view)])


def _heading(ticket_view: ClientTicketView) -> str:
    key = inline(ticket_view.key, 80, otherwise="it")
    if ticket_view.merged_into:
        return goes_on(ticket_view)
    return _HEADINGS[ticket_view.state].format(f"*{key}*")


def _sla_target(ticket_view: ClientTicketView) -> str:
    if ticket_view.answered_at:
        return f"First response given {moment(ticket_view.answered_at, ticket_view.zone)}."
    if not ticket_view.is_open:
        return ""
    if ticket_view.due_at:
        return f"First response by {moment(ticket_view.due_at, ticket_view.zone)}."
    words = inline(ticket_view.words or "", 300, otherwise="").rstrip(".")
    return f"Your plan promises: {words}." if words else ""


def _further(ticket_view: ClientTicketView) -> list[str]:
    return [
        f"{metric.capitalize()} by {moment(due, ticket_view.zone)}."
        for metric, due in ticket_view.further
    ]


def _severity(ticket_view: ClientTicketView) -> str:
    if ticket_view.severity:
        label = inline(ticket_view.severity.label, 75, otherwise=ticket_view.severity.id)
        return f"Severity: *{label}*" + (" (you said)" if ticket_view.proposed else "")
    if ticket_view.state in _NOT_WORKED_ON:
        return ""
    kept = ticket_view.is_open and ticket_view.due_at and not ticket_view.answered_at
    return "Severity: not chosen yet" + (", so your plan's earliest time is kept" if kept else "")


def _kind(ticket_view: ClientTicketView) -> str:
    """Return the category of covered work; `_quota` names work that the plan does not cover."""
    kind = inline(ticket_view.kind or "", 75, otherwise="") if ticket_view.covered else ""
    return f"Kind of work: {kind}" if kind else ""


def _state(ticket_view: ClientTicketView) -> str:
    if ticket_view.rating:
        return f"You gave it {ticket_view.rating} of 5"
    if ticket_view.state is TicketState.RESOLVED:
        return "How well did we do?"
    if not ticket_view.is_open:
        return ""
    if ticket_view.waiting:
        return "State: waiting for your answer"
    if ticket_view.answered_at:
        return "State: answered, and still open"
    return "State: an engineer is on it" if ticket_view.assignee else "State: received"


def _who(ticket_view: ClientTicketView) -> str:
    if ticket_view.state in _NOT_WORKED_ON:
        return ""
    assignee = ticket_view.assignee
    return f"Who has it: {mention(assignee) if assignee else 'our support team'}"


def _quota(ticket_view: ClientTicketView) -> str:
    if not ticket_view.covered:
        kind = inline(ticket_view.kind or "", 75, otherwise="This kind of work")
        return f"{kind} is not part of your plan, so it does not count against it."
    if not ticket_view.counted:
        return "It does not count against your plan."
    return quota_line(ticket_view.standing) if ticket_view.standing else ""


def _resolution(ticket_view: ClientTicketView) -> list[Block]:
    resolution = ticket_view.resolution
    if ticket_view.is_open or resolution is None or blank(resolution):
        return []
    return [people_said(f"What was done:\n{quoted(clip(resolution, 1000))}")]


def _buttons(ticket_view: ClientTicketView) -> list[Block]:
    if ticket_view.state in _TAKEN_BACK:
        return actions(
            [button(NEEDED_AFTER_ALL_LABEL, NOT_SOLVED, ticket_view.key)], "client_taken_back"
        )
    if ticket_view.merged_into:
        return []
    if not ticket_view.is_open:
        return actions(resolved_buttons(ticket_view.key), "client_resolved")
    choices = [_choice(severity, ticket_view.key) for severity in ticket_view.severities]
    shown = ticket_view.severity.id if ticket_view.severity else ""
    return actions([*choices, withdraw_button(ticket_view)], f"client_severities:{shown}")


def _choice(severity: Severity, key: str) -> Block:
    """Return a severity's button. Its confirmation shows the definition from the client's plan."""
    ask = confirmation(
        f"{severity.label}?", severity.definition, confirm="Yes, choose it", deny="Not this one"
    )
    return button(severity.label, client_severity(severity.id), key, confirm=ask)
