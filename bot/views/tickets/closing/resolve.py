"""The dialog to resolve a ticket, and the message about its resolution."""

from collections.abc import Sequence

from bot.domain.sla.targets.sla_target import Severity
from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import (
    BLOCKS_IN_A_MESSAGE,
    OPTIONS_IN_A_MENU,
    actions,
    option,
    people_said,
    section,
)
from bot.views.form import View, menu_input, modal, words_input
from bot.views.ids import RESOLVE_VIEW, SEVERITY
from bot.views.message import Message
from bot.views.text import clip, inline, quoted, split
from bot.views.tickets.client_card import resolved_buttons


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
