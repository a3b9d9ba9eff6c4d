"""Why a ticket is due when it is: the explanation of each of its clocks."""

from bot.domain.sheet import ClockLine, TicketSheet
from bot.views.blocks import BLOCKS_IN_A_MODAL, SECTION_TEXT, people_said, plain
from bot.views.form import View
from bot.views.text import escape, moment, split, width

_TITLE = 100  # what a clock's title takes at the most
_ANSWER_TEXT = 3800  # of an answer to a command, with room for the last line
_MORE = "There is more: press *Why is it due then?* in the menu of the card in triage."


def why_text(sheet: TicketSheet) -> str:
    """The explanation as one text of mrkdwn, for an answer to a command."""
    text = ""
    for piece in _pieces(sheet):
        if width(text) + width(piece) > _ANSWER_TEXT:
            return f"{text}{_MORE}"
        text = f"{text}{piece}\n"
    return text.rstrip()


def why_modal(sheet: TicketSheet) -> View:
    """The explanation as a dialog that only shows it."""
    pieces = _pieces(sheet)[:BLOCKS_IN_A_MODAL]
    return {
        "type": "modal",
        "title": plain(f"Why? {sheet.ticket.key}", 24, otherwise="Why?"),
        "close": plain("Close", 24, otherwise="Close"),
        "blocks": [people_said(piece) for piece in pieces],
    }


def _pieces(sheet: TicketSheet) -> list[str]:
    """The agreement, then each clock with its sentences; escaped, each within a section."""
    return [_agreement(sheet), *(piece for line in sheet.clocks for piece in _of(line))]


def _of(line: ClockLine) -> list[str]:
    sentences = "\n".join(f"• {sentence}" for sentence in line.promise.why)
    title = f"*{line.metric.words.capitalize()}*"
    head, *rest = split(sentences, SECTION_TEXT - _TITLE) or [""]
    return [f"{title}\n{head}", *rest]


def _agreement(sheet: TicketSheet) -> str:
    """Which version of which promises: the ticket keeps what it was opened under."""
    ticket, plan = sheet.ticket, sheet.plan
    agreed = f", agreed on {moment(sheet.agreed_at, plan.zone)}" if sheet.agreed_at else ""
    return (
        f"*{escape(ticket.key)}* is kept to {escape(plan.name)} of {escape(plan.catalog)}"
        f" (version {ticket.catalog_version_id}){agreed}."
    )
