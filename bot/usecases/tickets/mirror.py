"""Copies of a client's words, in the private thread under the ticket's card in triage.

A person's messages within a minute share a copy: Slack accepts about a message per second in a
channel, and pings wait in the same queue. The outbox stores only the place of the words. They are
read when the copy is made, so that edits and deletions show there and no second place stores them.
"""

from bot.domain.ids import UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.messages import Outgoing
from bot.domain.ticket import Source, Ticket
from bot.domain.ticket_events import Flagged
from bot.domain.tickets.messages import MirroredMessages
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk

TOGETHER_SECONDS = 60


async def hear(desk: Desk, ticket: Ticket, message: ChannelMessage) -> None:
    """Mirror a client's message to the ticket's triage thread.

    The card shows the words of the message that opened the ticket, so only its files are mirrored.
    """
    if message.file_names or not await is_beginning(desk, ticket, message):
        await mirror(desk, ticket, message.user_id, message.ts)


async def mirror(desk: Desk, ticket: Ticket, user_id: UserId, ts: MessageTs) -> None:
    """Queue or refresh the copy of this person's messages within the same minute as `ts`."""
    key, begins = _key(ticket, user_id, ts), _begins(ts)
    since, until = (MessageTs.parse(f"{at}.") for at in (begins, begins + TOGETHER_SECONDS))
    copy = MirroredMessages(ticket.id, user_id, since, until)
    await desk.work.outbox.say(Outgoing(key, desk.places.under_triage_card(ticket), copy))
    await desk.work.outbox.refresh(key)


async def mirror_anew(desk: Desk, ticket: Ticket, message: ChannelMessage) -> None:
    """Refresh the copy that contains the message, after an edit or a deletion."""
    await desk.work.outbox.refresh(_key(ticket, message.user_id, message.ts))


def _key(ticket: Ticket, user_id: UserId, ts: MessageTs) -> str:
    """Return the idempotency key of the copy that contains the message."""
    return f"mirror:{ticket.id}:{user_id}:{_begins(ts)}"


def _begins(ts: MessageTs) -> int:
    """Return the start of the message's minute, in seconds since 1970."""
    return int(ts.instant.timestamp()) // TOGETHER_SECONDS * TOGETHER_SECONDS


async def is_beginning(desk: Desk, ticket: Ticket, message: ChannelMessage) -> bool:
    """Return whether the card shows the words of this message.

    The card shows the message that opened the ticket, or the message that was flagged with
    :ticket:.
    """
    if ticket.source is not Source.SLACK or ticket.channel_id != message.channel_id:
        return False
    if message.ts.instant == ticket.opened_at:
        return True
    history = await desk.work.history.of(ticket.id)
    return any(recorded.event == Flagged(message.ts) for recorded in history)
