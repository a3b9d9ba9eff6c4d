"""The dialog to choose a category, and the message that the plan does not cover it."""

from collections.abc import Sequence

from bot.domain.agreements.plan import Category
from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.domain.tickets.ticket_view import ClientTicketView
from bot.views.blocks import OPTIONS_IN_A_MENU, Block, option, text_message
from bot.views.form import View, line_input, menu_input, modal
from bot.views.message import Message
from bot.views.text import clip_plain, inline
from bot.views.tickets.triage.fault import FAULT

CATEGORY = "category"  # the button, and the input of the dialog
CATEGORY_LABEL = "Category"
CATEGORY_VIEW = "category_view"
USAGE = "KEY KIND"
MEANING = "say what kind of work it is"


def category_modal(
    key: str, categories: Sequence[Category], chosen: str | None, fault: str | None
) -> View:
    """Return the dialog for a ticket's category and for a fault of the vendor.

    `chosen` is the ID of the current category, None for none. `fault` is the recorded reason why
    the vendor caused the ticket, None for none.
    """
    options = {
        category.id: option(_kind(category), category.id)
        for category in categories[:OPTIONS_IN_A_MENU]
    }
    blocks: list[Block] = []
    if options:
        menu: Block = {"options": list(options.values())}
        if current := options.get(chosen or ""):
            menu["initial_option"] = current
        blocks.append(menu_input(CATEGORY, "Kind of work", menu) | {"optional": True})
    hint = "Then it does not count against the plan. Only the support team reads this."
    why = line_input(
        FAULT, "Our own fault? Say why", FAULT_LENGTH, hint=hint, optional=True, value=fault or ""
    )
    return modal(CATEGORY_VIEW, "Category", "Save", [*blocks, why], key)


def _kind(category: Category) -> str:
    return category.label if category.covered else f"{clip_plain(category.label, 50)} (not covered)"


def not_covered_note(ticket_view: ClientTicketView) -> Message | None:
    """Return the message that the plan does not cover this category of work. Returns None if staff
    have since chosen a covered category."""
    if ticket_view.covered:
        return None
    kind = inline(ticket_view.kind or "", 75, otherwise="this kind of work")
    key = inline(ticket_view.key, 80, otherwise="your request")
    return text_message(
        f"About *{key}*: *{kind}* is not part of your support plan, so it does not count"
        " against it. We do such work as a separate service: if you would like an offer, write so"
        " in this thread and we will send you one before anything begins."
    )


def categorised(ticket: Ticket) -> str:
    """Return the answer that the ticket is of its category, and whether it counts."""
    covered = "" if ticket.counted else ", which does not count against the plan"
    return f"{ticket.key} is of the kind {ticket.category}{covered}."
