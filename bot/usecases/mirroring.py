"""A client's words in the private thread, under the ticket's card in triage.

What one person writes within a minute is one message there: Slack takes about one a second in a
channel, and pings wait in the same line. Only the place is owed: the words are read when the
message is made, so that an edit or a deletion shows there too and they stand in no second place.
"""

from bot.clock import instant_of
from bot.domain.ticket import Source, Ticket
from bot.ports import ChannelMessage, Outgoing
from bot.usecases.desk import Desk, triage_card_key

MIRROR = "mirror"
TOGETHER_SECONDS = 60
FLAGGED = "flagged"  # in the history: somebody put a :ticket: on the message


async def hear(desk: Desk, ticket: Ticket, message: ChannelMessage) -> None:
    """A client has written to a ticket. What began it stands on its card: of that only files are
    news."""
    if message.file_names or not await is_beginning(desk, ticket, message):
        await mirror(desk, ticket, message.user_id, message.ts)


async def mirror(desk: Desk, ticket: Ticket, user_id: str, ts: str) -> None:
    """Owe staff what this person wrote then, and what they have written around it."""
    key, begins = _key(ticket, user_id, ts), _begins(ts)
    await desk.work.outbox.say(
        Outgoing(
            key,
            MIRROR,
            desk.places.triage_channel,
            under=triage_card_key(ticket),
            ticket_id=ticket.id,
            facts={"by": user_id, "since": f"{begins}.", "until": f"{begins + TOGETHER_SECONDS}."},
        )
    )
    await desk.work.outbox.refresh(key)


async def mirror_anew(desk: Desk, ticket: Ticket, message: ChannelMessage) -> None:
    """The message reads otherwise, or is deleted."""
    await desk.work.outbox.refresh(_key(ticket, message.user_id, message.ts))


def _key(ticket: Ticket, user_id: str, ts: str) -> str:
    return f"{MIRROR}:{ticket.id}:{user_id}:{_begins(ts)}"


def _begins(ts: str) -> int:
    """When the minute of a message begins, in seconds since 1970."""
    return int(float(ts)) // TOGETHER_SECONDS * TOGETHER_SECONDS


async def is_beginning(desk: Desk, ticket: Ticket, message: ChannelMessage) -> bool:
    """Whether it is the message whose words stand on the ticket's card: the one that it was opened
    by, or the one that somebody put a :ticket: on."""
    if ticket.source is not Source.SLACK or ticket.channel_id != message.channel_id:
        return False
    if instant_of(message.ts) == ticket.opened_at:
        return True
    history = await desk.work.history.of(ticket.id)
    return any(event.kind == FLAGGED and event.after["message"] == message.ts for event in history)
