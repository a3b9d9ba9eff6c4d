"""A top-level answer that could belong to several tickets: its author is asked which.

"A reply at top level in the client's channel counts when it can only be meant for one ticket; else
the bot asks, privately, which."
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.destinations import Direct
from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.intake.messages import WhichTicketQuestion
from bot.domain.intake.refusals import MessageHasTicket, NotOfTheQuestion
from bot.domain.messages import Outgoing
from bot.domain.ticket import Side, Ticket
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.tickets.conversation import staff_wrote


@dataclass(frozen=True, slots=True)
class Meant:
    """The ticket that a message was attached to, by key."""

    key: str
    is_first_response: bool


MOST_TICKETS = 20  # choices in a question, the oldest tickets first


async def ask_which(desk: Desk, message: ChannelMessage, candidates: Sequence[Ticket]) -> None:
    """Queue a direct message that asks the message's author which of the candidates it answers."""
    oldest = sorted(candidates, key=lambda ticket: ticket.opened_at)[:MOST_TICKETS]
    question = WhichTicketQuestion(
        message.channel_id,
        message.ts,
        tuple((ticket.key, ticket.summary[:100]) for ticket in oldest),
    )
    key = f"which-ticket:{message.channel_id}:{message.ts}"
    await desk.work.outbox.say(Outgoing(key, Direct(message.user_id), question))


async def meant(
    desk: Desk, key: str, actor: UserId, channel_id: ChannelId, ts: MessageTs
) -> tuple[Ticket, bool]:
    """Attach the message to the ticket that its author chose, as of its `ts`. Staff only.

    Return the ticket, and whether the message is its first response. Raises Refusal if the ticket
    is of another channel, or if the message already belongs to a ticket.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    # The channel may have a new ID since the question was posted.
    channel_id = await desk.work.channels.current(channel_id)
    if ticket.channel_id != channel_id:
        raise NotOfTheQuestion(ticket.key)
    if await desk.work.messages.ticket_of(channel_id, ts) is not None:
        raise MessageHasTicket
    message = ChannelMessage(channel_id, ts, None, actor, "")
    await desk.work.messages.settle(message, Side.STAFF, ticket.id, "its writer said so")
    return ticket, await staff_wrote(desk, ticket, by, ts.instant)
