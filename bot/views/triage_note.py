"""What is said to staff of a ticket: in the thread of its triage card, and directly."""

from bot.domain.sheet import TicketSheet
from bot.views.blocks import people_said, section
from bot.views.message import Message
from bot.views.text import clip, inline, mention, quoted
from bot.views.urgency import urgency


def deleted_note(user_id: str) -> Message:
    """Somebody on the client's side took a message of theirs away."""
    who = mention(user_id) if user_id else "Somebody"
    words = (
        f"{who} deleted a message of this ticket. Its words are erased here as well; the ticket"
        " and its clock stay."
    )
    return Message(words, [section(words)])


def note(by: str, words: str) -> Message:
    """What a member of staff noted. Only staff read it."""
    first = f"Note by {mention(by)}:"
    said = clip(words, 1400)  # quotation marks at most double it, and a section holds 3,000
    return Message(f"{first} {clip(words, 300)}", [people_said(f"{first}\n{quoted(said)}")])


def handed_over(sheet: TicketSheet, by: str, to: str, reader: str) -> Message:
    """Said directly to whoever got a ticket, or had it until now (`reader`)."""
    key = inline(sheet.ticket.key, 80, otherwise="A ticket")
    client = inline(sheet.client.name, 80, otherwise=sheet.client.key)
    about = f"*{key}* of {client}"
    if reader == to:
        text = f"{mention(by)} has given you {about}. {urgency(sheet, None)}."
    elif by == to:
        text = f"{mention(by)} has taken over {about}, which was yours."
    else:
        text = f"{mention(by)} has given {about}, which was yours, to {mention(to)}."
    return Message(text, [section(text)])
