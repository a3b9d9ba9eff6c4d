"""Internal notes of staff on a ticket."""

from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Noted
from bot.domain.tickets.messages import NoteMessage
from bot.domain.tickets.refusals import NoteMissing
from bot.slack_ts import MessageTs
from bot.usecases.access import check_length, staff_member, ticket_by_key
from bot.usecases.desk import Desk


async def note(desk: Desk, key: str, actor: UserId, words: str) -> Ticket:
    """Add an internal note to the ticket's history and to its thread in triage. Staff only.

    Raises Refusal if the words are empty or too long.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    if not words.strip():
        raise NoteMissing(ticket.key)
    check_length(words)
    await desk.note(ticket, by, Noted(words.strip()))
    note_key = f"note:{ticket.id}:{actor}:{MessageTs.at(desk.now)}"
    message = NoteMessage(ticket.id, actor, words.strip())
    await desk.work.outbox.say(Outgoing(note_key, desk.places.under_triage_card(ticket), message))
    return ticket
