"""The timeline of a ticket that missed a due time, and the dialog that records the cause."""

from collections.abc import Sequence

from bot.domain.ticket import FAULT_LENGTH
from bot.domain.tickets.cause import Cause, Passage, Step
from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import option, people_said
from bot.views.durations import duration
from bot.views.form import View, line_input, menu_input, modal
from bot.views.ids import WORDS
from bot.views.sla.urgency import severity_label
from bot.views.text import inline, mention, moment
from bot.views.tickets.causes import cause_words

LATE_WHY = "late_why"
LATE_WHY_LABEL = "Why was this late?"
CAUSE_VIEW = "cause_view"
CAUSE = "cause"
USAGE = "KEY [CAUSE [words]]"
MEANING = "why it was late: its story, and the cause"

_DONE = {
    Step.SEVERITY_DECIDED: "was given a severity by",
    Step.TAKEN: "was taken by",
    Step.ASSIGNED: "was given to somebody by",
    Step.WAITING: "was put on waiting for the client by",
    Step.SNOOZED: "was snoozed by",
    Step.FIRST_RESPONSE: "was answered by",
}


def story_text(ticket_view: TicketView, passages: Sequence[Passage]) -> str:
    """Return the timeline of an overdue ticket as mrkdwn, a passage a line, and the recorded
    cause."""
    due_at = next(passage.at for passage in passages if passage.step is Step.DUE)
    lines = [
        _line(ticket_view, passage, late=duration(passage.at - due_at)) for passage in passages
    ]
    cause = ticket_view.ticket.cause
    if cause:
        words = inline(ticket_view.ticket.cause_words or "", FAULT_LENGTH, otherwise="")
        lines.append(f"*The cause*: {cause_words(cause)}{f': {words}' if words else ''}")
    return "\n".join(lines)


def _line(ticket_view: TicketView, passage: Passage, *, late: str) -> str:
    at, key = (
        moment(passage.at, ticket_view.plan.zone),
        inline(ticket_view.ticket.key, 80, otherwise="It"),
    )
    match passage.step:
        case Step.OPENED:
            who = mention(passage.by or "")
            return f"• {at}: *{key}* ({severity_label(ticket_view)}) was opened by {who}"
        case Step.DUE:
            return f"• {at}: its {inline(passage.detail or '', 60, otherwise='answer')} was due"
        case Step.ANSWERED:
            who = f" by {mention(passage.by or '')}" if passage.by else ""
            return f"• {at}: that was done{who}, {late} late"
        case Step.NOT_ANSWERED:
            return f"• Now: it is not done yet, {late} late"
    return f"• {at}: it {_DONE[passage.step]} {mention(passage.by or '')}"


def cause_modal(ticket_view: TicketView, passages: Sequence[Passage]) -> View:
    """Return the dialog that shows the timeline and asks for a cause and for a remark."""
    causes = [option(cause_words(cause).capitalize(), cause) for cause in Cause]
    chosen = next(
        (choice for choice in causes if choice["value"] == ticket_view.ticket.cause), None
    )
    menu = {"options": causes} | ({"initial_option": chosen} if chosen else {})
    words = line_input(
        WORDS,
        "In your words",
        FAULT_LENGTH,
        hint="For your own people: no client reads it.",
        optional=True,
        value=ticket_view.ticket.cause_words or "",
    )
    blocks = [
        people_said(story_text(ticket_view, passages)),
        menu_input(CAUSE, "Why was it late?", menu),
        words,
    ]
    return modal(CAUSE_VIEW, "Why late?", "Save", blocks, ticket_view.ticket.key)


def cause_set(key: str, cause: str) -> str:
    """Return the answer that the cause is recorded."""
    return f"{key} was late: {cause_words(Cause(cause))}."


def story_answer(ticket_view: TicketView, passages: Sequence[Passage]) -> str:
    """Return the timeline with the command that records a cause."""
    choices = f"*/desk cause {ticket_view.ticket.key} {'|'.join(Cause)}* says why."
    return f"{story_text(ticket_view, passages)}\n{choices}"
