"""Internal notes of staff on a ticket."""

from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket
from bot.domain.tickets.refusals import NoteMissing
from bot.slack_ts import ts_of
from bot.usecases.access import check_length, staff_member, ticket_by_key
from bot.usecases.desk import Desk, triage_card_key


async def note(desk: Desk, key: str, actor: str, words: str) -> Ticket:
    """Add an internal note to the ticket's history and to its thread in triage. Staff only.

    Raises Refusal if the words are empty or too long.
    """
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if not words.strip():
        raise NoteMissing(ticket.key)
    check_length(words)
    await desk.note(ticket, actor, "noted", words=words.strip())
    await desk.work.outbox.say(
        Outgoing(
            f"note:{ticket.id}:{actor}:{ts_of(desk.now)}",
            "note",
            desk.places.triage_channel,
            under=triage_card_key(ticket),
            ticket_id=ticket.id,
            facts={"by": actor, "words": words.strip()},
        )
    )
    return ticket
