"""A client's words in the private thread, under the ticket's card in triage.

Only their place is owed: they are read when the message is made, so that an edit or a deletion
shows there too and the words stand in no second place.
"""

from bot.clock import instant_of
from bot.domain.ticket import Source, Ticket
from bot.ports import ChannelMessage, Outgoing
from bot.usecases.desk import Desk, triage_card_key

MIRROR = "mirror"
FLAGGED = "flagged"  # in the history: somebody put a :ticket: on the message


async def hear(desk: Desk, ticket: Ticket, message: ChannelMessage) -> None:
    """A client has written to a ticket. What began it stands on its card: of that only files are
    news."""
    if message.file_names or not await is_beginning(desk, ticket, message):
        await mirror(desk, ticket, message.channel_id, message.ts)


async def mirror(desk: Desk, ticket: Ticket, channel_id: str, ts: str) -> None:
    """Owe staff the message at this place, once."""
    await desk.work.outbox.say(
        Outgoing(
            mirror_key(channel_id, ts),
            MIRROR,
            desk.places.triage_channel,
            under=triage_card_key(ticket),
            ticket_id=ticket.id,
            facts={"channel": channel_id, "ts": ts},
        )
    )


def mirror_key(channel_id: str, ts: str) -> str:
    return f"{MIRROR}:{channel_id}:{ts}"


async def is_beginning(desk: Desk, ticket: Ticket, message: ChannelMessage) -> bool:
    """Whether it is the message whose words stand on the ticket's card: the one that it was opened
    by, or the one that somebody put a :ticket: on."""
    if ticket.source is not Source.SLACK or ticket.channel_id != message.channel_id:
        return False
    if instant_of(message.ts) == ticket.opened_at:
        return True
    history = await desk.work.history.of(ticket.id)
    return any(event.kind == FLAGGED and event.after["message"] == message.ts for event in history)
