"""The explanation of a ticket's due times: the sentences of each of its clocks."""

from collections.abc import Iterable

from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.domain.tickets.ticket_view import TicketView
from bot.views.blocks import BLOCKS_IN_A_MODAL, SECTION_TEXT, people_said, plain
from bot.views.form import View
from bot.views.sla.explanation_words import explanation_sentences
from bot.views.text import escape, moment, split, width

WHY = "why"
WHY_LABEL = "Why is it due then?"
USAGE = "KEY"
MEANING = "why it is due when it is"
_TITLE = 100  # characters reserved for a clock's title
_ANSWER_TEXT = 3800  # limit of an answer to a command, without the last line
_MORE = f"There is more: press *{WHY_LABEL}* in the menu of the card in triage."


def why_text(ticket_view: TicketView, clocks: Iterable[SlaClock]) -> str:
    """Return the explanation as mrkdwn, for an answer to a command.

    `clocks` are the ticket's clocks as computed from its history, which have reasons.
    """
    text = ""
    for piece in _pieces(ticket_view, clocks):
        if width(text) + width(piece) > _ANSWER_TEXT:
            return f"{text}{_MORE}"
        text = f"{text}{piece}\n"
    return text.rstrip()


def why_modal(ticket_view: TicketView, clocks: Iterable[SlaClock]) -> View:
    """Return the explanation as a dialog without a submit button."""
    pieces = _pieces(ticket_view, clocks)[:BLOCKS_IN_A_MODAL]
    return {
        "type": "modal",
        "title": plain(f"Why? {ticket_view.ticket.key}", 24, otherwise="Why?"),
        "close": plain("Close", 24, otherwise="Close"),
        "blocks": [people_said(piece) for piece in pieces],
    }


def _pieces(ticket_view: TicketView, clocks: Iterable[SlaClock]) -> list[str]:
    """Return the agreement, then the sentences of each clock; escaped, and each within the limit of
    a section."""
    return [
        _agreement(ticket_view),
        *(piece for clock in clocks for piece in _clock_pieces(clock)),
    ]


def _clock_pieces(clock: SlaClock) -> list[str]:
    sentences = "\n".join(f"• {sentence}" for sentence in explanation_sentences(clock.deadline.why))
    title = f"*{clock.span.metric.words.capitalize()}*"
    head, *rest = split(sentences, SECTION_TEXT - _TITLE) or [""]
    return [f"{title}\n{head}", *rest]


def _agreement(ticket_view: TicketView) -> str:
    """Return the name and the version of the plan. A ticket keeps the version under which it was
    opened."""
    ticket, plan = ticket_view.ticket, ticket_view.plan
    agreed = (
        f", agreed on {moment(ticket_view.agreed_at, plan.zone)}" if ticket_view.agreed_at else ""
    )
    return (
        f"*{escape(ticket.key)}* is kept to {escape(plan.name)} of {escape(plan.catalog)}"
        f" (version {ticket.catalog_version_id}){agreed}."
    )
