"""The client's view of a ticket: the card in the client's thread."""

from bot.domain.plan import Severity
from bot.domain.sheet import ClientSheet
from bot.domain.ticket import TicketState
from bot.views.blocks import Block, actions, button, confirmation, people_said, section
from bot.views.facts import quota_line
from bot.views.ids import NOT_SOLVED, WITHDRAW, client_severity, rate
from bot.views.message import Message
from bot.views.text import blank, clip, inline, mention, moment, quoted

_HEADINGS = {
    TicketState.OPEN: "We have your request as {}.",
    TicketState.RESOLVED: "{} is resolved.",
    TicketState.WITHDRAWN: "{} is withdrawn, and we do no more about it.",
    TicketState.DISMISSED: "{} was taken for a request by mistake, and is closed.",
    TicketState.MERGED: "{} goes on as part of another request.",
}
_RATINGS = ((1, "1 (badly)"), (2, "2"), (3, "3"), (4, "4"), (5, "5 (very well)"))
_TAKEN_BACK = frozenset({TicketState.WITHDRAWN, TicketState.DISMISSED})
_NOT_WORKED_ON = _TAKEN_BACK | {TicketState.MERGED}


def client_card(sheet: ClientSheet) -> Message:
    """Return the client's card of a ticket. Its lines are short and its blocks few, for phones, and
    no meaning depends on colour."""
    essential = [_heading(sheet), _promise(sheet), _severity(sheet), _kind(sheet)]
    lines = [*essential, *_further(sheet), _state(sheet), _who(sheet), _quota(sheet)]
    shown = "\n".join(line for line in lines if line)
    text = " ".join(line for line in essential if line)
    return Message(text, [section(shown), *_resolution(sheet), *_buttons(sheet)])


def _heading(sheet: ClientSheet) -> str:
    key = inline(sheet.key, 80, otherwise="it")
    if sheet.merged_into:
        return goes_on(sheet)
    return _HEADINGS[sheet.state].format(f"*{key}*")


def goes_on(sheet: ClientSheet) -> str:
    """Return the sentence on a merged ticket's card and in its thread, which names the ticket it
    was merged into."""
    key = inline(sheet.key, 80, otherwise="it")
    into = inline(sheet.merged_into or "", 80, otherwise="another request")
    return f"*{key}* goes on as part of *{into}*: what you write here is read there, too."


def _promise(sheet: ClientSheet) -> str:
    if sheet.answered_at:
        return f"First response given {moment(sheet.answered_at, sheet.zone)}."
    if not sheet.is_open:
        return ""
    if sheet.due_at:
        return f"First response by {moment(sheet.due_at, sheet.zone)}."
    words = inline(sheet.words, 300, otherwise="").rstrip(".")
    return f"Your plan promises: {words}." if words else ""


def _further(sheet: ClientSheet) -> list[str]:
    return [f"{metric.capitalize()} by {moment(due, sheet.zone)}." for metric, due in sheet.further]


def _severity(sheet: ClientSheet) -> str:
    if sheet.severity:
        label = inline(sheet.severity.label, 75, otherwise=sheet.severity.id)
        return f"Severity: *{label}*" + (" (you said)" if sheet.proposed else "")
    if sheet.state in _NOT_WORKED_ON:
        return ""
    kept = sheet.is_open and sheet.due_at and not sheet.answered_at
    return "Severity: not chosen yet" + (", so your plan's earliest time is kept" if kept else "")


def _kind(sheet: ClientSheet) -> str:
    """Return the category of covered work; `_quota` names work that the plan does not cover."""
    kind = inline(sheet.kind, 75, otherwise="") if sheet.covered else ""
    return f"Kind of work: {kind}" if kind else ""


def _state(sheet: ClientSheet) -> str:
    if sheet.rating:
        return f"You gave it {sheet.rating} of 5"
    if sheet.state is TicketState.RESOLVED:
        return "How well did we do?"
    if not sheet.is_open:
        return ""
    if sheet.waiting:
        return "State: waiting for your answer"
    if sheet.answered_at:
        return "State: answered, and still open"
    return "State: an engineer is on it" if sheet.assignee else "State: received"


def _who(sheet: ClientSheet) -> str:
    if sheet.state in _NOT_WORKED_ON:
        return ""
    return f"Who has it: {mention(sheet.assignee) if sheet.assignee else 'our support team'}"


def _quota(sheet: ClientSheet) -> str:
    if not sheet.covered:
        kind = inline(sheet.kind, 75, otherwise="This kind of work")
        return f"{kind} is not part of your plan, so it does not count against it."
    if not sheet.counted:
        return "It does not count against your plan."
    return quota_line(sheet.standing) if sheet.standing else ""


def _resolution(sheet: ClientSheet) -> list[Block]:
    if sheet.is_open or blank(sheet.resolution):
        return []
    return [people_said(f"What was done:\n{quoted(clip(sheet.resolution, 1000))}")]


def _buttons(sheet: ClientSheet) -> list[Block]:
    if sheet.state in _TAKEN_BACK:
        return actions([button("We need it after all", NOT_SOLVED, sheet.key)], "client_taken_back")
    if sheet.merged_into:
        return []
    if not sheet.is_open:
        return actions(resolved_buttons(sheet.key), "client_resolved")
    choices = [_choice(severity, sheet.key) for severity in sheet.severities]
    shown = sheet.severity.id if sheet.severity else ""
    return actions([*choices, _withdraw(sheet)], f"client_severities:{shown}")


def _choice(severity: Severity, key: str) -> Block:
    """Return a severity's button. Its confirmation shows the definition from the client's plan."""
    ask = confirmation(
        f"{severity.label}?", severity.definition, confirm="Yes, choose it", deny="Not this one"
    )
    return button(severity.label, client_severity(severity.id), key, confirm=ask)


def _withdraw(sheet: ClientSheet) -> Block:
    """ "On the card of each ticket beyond: price, how to withdraw." """
    counts = "It has been answered, so it still counts."
    if not sheet.answered_at:
        counts = "It then counts for nothing."
    ask = confirmation(
        f"Withdraw {sheet.key}?",
        f"We do no more about it. {counts}",
        confirm="Yes, withdraw it",
        deny="Keep it",
    )
    return button("Withdraw", WITHDRAW, sheet.key, confirm=ask)


def resolved_buttons(key: str) -> list[Block]:
    """Return the buttons of a resolved ticket: reopen it, or rate the service from 1 to 5."""
    return [not_solved(key), *(button(words, rate(rating), key) for rating, words in _RATINGS)]


def not_solved(key: str) -> Block:
    """Return the button that reopens a resolved ticket."""
    return button("It's not solved", NOT_SOLVED, key)
