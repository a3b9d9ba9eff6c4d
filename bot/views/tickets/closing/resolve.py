"""The dialog to resolve a ticket, and the message about its resolution."""

from collections.abc import Sequence

from bot.domain.sla.targets.sla_target import Severity
from bot.domain.ticket import Ticket
from bot.domain.tickets.ticket_view import ClientTicketView, TicketView
from bot.views.blocks import (
    BLOCKS_IN_A_MESSAGE,
    OPTIONS_IN_A_MENU,
    Block,
    actions,
    option,
    people_said,
    section,
)
from bot.views.form import View, menu_input, modal, words_input
from bot.views.ids import SEVERITY
from bot.views.message import Message
from bot.views.text import clip, inline, mention, quoted, split
from bot.views.tickets.closing.rate import rating_buttons
from bot.views.tickets.closing.reopen import not_solved

RESOLVE = "resolve"
RESOLVE_LABEL = "Resolve"
RESOLVE_VIEW = "resolve_view"
USAGE = "KEY words"
MEANING = "say to the client what was done"


def resolve_modal(key: str, severities: Sequence[Severity], *, severity_needed: bool) -> View:
    """Return the dialog for a resolution. With `severity_needed` it also asks for a severity,
    because the ticket has none."""
    words = words_input("What was done", hint="A client in Slack reads this in their thread.")
    blocks = [words]
    if severity_needed and severities:
        options = [
            option(severity.label, severity.id) for severity in severities[:OPTIONS_IN_A_MENU]
        ]
        blocks.append(menu_input(SEVERITY, "Severity", {"options": options}))
    return modal(RESOLVE_VIEW, "Resolve", "Resolve", blocks, key)


def resolution_note(ticket_view: ClientTicketView) -> Message:
    """Return the message that a ticket is resolved, with the resolution and buttons to reopen or
    rate it."""
    first = f"*{inline(ticket_view.key, 80, otherwise='Your request')}* is resolved."
    # Quoting at most doubles a piece, so 1,400 characters stay within a section.
    resolution = ticket_view.resolution or ""
    done = [people_said(quoted(piece)) for piece in split(resolution, 1400)]
    how = section(
        "If it is not solved, press the button and we go on with it. If it is: how well did we do?"
    )
    buttons = actions(resolved_buttons(ticket_view.key), "resolution_note")
    text = f"{first} {clip(resolution, 3000)}".strip()
    return Message(text, [section(first), *done[: BLOCKS_IN_A_MESSAGE - 3], how, *buttons])


def ended(ticket_view: TicketView, by: str) -> Message:
    """Return the direct message to the assignee of a ticket that a colleague (`by`) has
    resolved."""
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    client = inline(ticket_view.client.name, 80, otherwise=ticket_view.client.key)
    text = f"{mention(by)} has resolved *{key}* of {client}, which is yours."
    return Message(text, [section(text)])


def resolved_buttons(key: str) -> list[Block]:
    """Return the buttons of a resolved ticket: reopen it, or rate the service from 1 to 5."""
    return [not_solved(key), *rating_buttons(key)]


def resolved(ticket: Ticket) -> str:
    """Return the answer that the ticket is resolved, and whether the client reads about it."""
    notice = ", and the client is told what was done" if ticket.channel_id else ""
    return f"{ticket.key} is resolved{notice}."
