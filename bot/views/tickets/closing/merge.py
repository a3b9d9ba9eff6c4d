"""The dialog to merge a ticket, and the messages about a merge."""

from collections.abc import Sequence

from bot.domain.ticket import Ticket
from bot.domain.tickets.ticket_view import ClientTicketView, TicketView
from bot.views.blocks import OPTIONS_IN_A_MENU, option, people_said, plain, section, text_message
from bot.views.form import View, menu_input, modal
from bot.views.ids import INTO
from bot.views.message import Message
from bot.views.text import blank, clip, inline, mention, quoted

MERGE = "merge"
MERGE_LABEL = "Merge"
MERGE_VIEW = "merge_view"
USAGE = "KEY INTO"
MEANING = "let it go on as part of another ticket"


def merge_modal(key: str, others: Sequence[tuple[str, str]]) -> View:
    """Return the dialog that merges a ticket into another open ticket of its client. `others` are
    pairs of key and first words."""
    options = [option(f"{other}: {words}", other) for other, words in others[:OPTIONS_IN_A_MENU]]
    menu = menu_input(INTO, "Merge it into", {"options": options})
    hint = "It goes on as part of that ticket, and counts once. What is due first stays due first."
    menu["hint"] = plain(hint, 2000, otherwise="Merge")
    return modal(MERGE_VIEW, "Merge", "Merge", [menu], key)


def joined_note(ticket_view: TicketView, by: str, link: str) -> Message:
    """Return the note in the triage thread of the ticket into which `ticket_view` was merged.

    `link` (mrkdwn) leads to the merged ticket's thread with the client, "" if it has none.
    """
    key = inline(ticket_view.ticket.key, 80, otherwise="A ticket")
    first = f"{mention(by)} has merged *{key}* into this ticket{f' · {link}' if link else ''}"
    excerpt = clip(ticket_view.ticket.summary, 1000)
    words = [people_said(quoted(excerpt))] if not blank(excerpt) else []
    return Message(
        f"{first}. {clip(ticket_view.ticket.summary, 300)}".strip(), [section(first), *words]
    )


def merged_note(ticket_view: ClientTicketView) -> Message:
    """Return the message in the thread of a merged ticket that names the ticket it was merged
    into."""
    return text_message(goes_on(ticket_view))


def goes_on(ticket_view: ClientTicketView) -> str:
    """Return the sentence on a merged ticket's card and in its thread, which names the ticket it
    was merged into."""
    key = inline(ticket_view.key, 80, otherwise="it")
    into = inline(ticket_view.merged_into or "", 80, otherwise="another request")
    return f"*{key}* goes on as part of *{into}*: what you write here is read there, too."


def merged(ticket: Ticket) -> str:
    """Return the answer that the ticket was merged into another."""
    return f"{ticket.key} goes on as part of {ticket.merged_into}."
