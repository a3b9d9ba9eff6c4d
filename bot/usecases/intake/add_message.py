"""Message shortcuts for staff: open a ticket from a message, or add a message to a ticket."""

from dataclasses import dataclass

from bot.domain.actor import ClientPerson, Staff
from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import OnRecord
from bot.domain.intake.refusals import (
    MessageHasTicket,
    NotAClientsChannel,
    NoTicketOpened,
    NotOfTheSameClient,
)
from bot.domain.ticket import Side, Ticket
from bot.errors import Refusal
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.agreements.plan_in_force import agreement_at, plan_in_force
from bot.usecases.desk import Desk
from bot.usecases.intake.flag import flag, flagged_ticket
from bot.usecases.tickets.conversation import client_wrote, staff_wrote
from bot.usecases.tickets.handling.note import note
from bot.usecases.tickets.mirror import hear


@dataclass(frozen=True, slots=True)
class Picked:
    """The message on which somebody used a shortcut; `words` are those that Slack sent."""

    channel_id: ChannelId
    ts: MessageTs
    words: str


async def open_from(desk: Desk, picked: Picked, actor: UserId) -> Ticket | None:
    """Return the ticket of a client's message; open a ticket, as of now, if it has none. Staff
    only.

    Return None for any other message, whose words are to be entered as a report. Raises Refusal if
    the message opens no ticket.
    """
    await staff_member(desk, actor)
    on_record = await _client_channel_message(desk, picked)
    if on_record is None or on_record.side is not Side.CLIENT:
        return None
    channel_id, ts = on_record.message.channel_id, on_record.message.ts
    await flag(desk, channel_id, ts, actor, desk.now)
    again = await desk.work.wordings.current(channel_id, ts)
    ticket = await flagged_ticket(desk, again) if again else None
    if ticket is None:
        raise await _no_ticket_opened(desk, channel_id)
    return ticket


async def _no_ticket_opened(desk: Desk, channel_id: ChannelId) -> Refusal:
    """Return why a message in the channel opens no ticket now."""
    client = await desk.work.clients.by_channel_for_update(channel_id)
    if client is None:
        return NotAClientsChannel()
    agreement = await agreement_at(desk, client, desk.now)
    if not agreement.has_plan:
        return NoTicketOpened(None)
    plan = await plan_in_force(desk, agreement, desk.now)
    return NoTicketOpened(plan.name, plan.channels)


async def _client_channel_message(desk: Desk, picked: Picked) -> OnRecord | None:
    """Return the message on record if it is in a client's channel and not deleted, else None."""
    channel_id = await desk.work.channels.current(picked.channel_id)
    if await desk.work.clients.by_channel_for_update(channel_id) is None:
        return None
    on_record = await desk.work.wordings.current(channel_id, picked.ts)
    return None if on_record is None or on_record.deleted else on_record


async def add_to(desk: Desk, picked: Picked, key: str, actor: UserId) -> Ticket:
    """Add the message to a ticket, as of its own `ts`. Staff only.

    A message that the ticket's client cannot see is added as an internal note. Raises Refusal if it
    is in another client's channel or already belongs to a ticket.
    """
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    on_record = await _client_channel_message(desk, picked)
    if on_record is None:
        return await note(desk, key, actor, picked.words)
    message, at = on_record.message, picked.ts.instant
    if message.channel_id != ticket.channel_id:
        raise NotOfTheSameClient(ticket.key)
    if on_record.ticket_id is not None:
        other = await desk.work.tickets.get_for_update(on_record.ticket_id)
        raise MessageHasTicket(other.key)
    side = Side.CLIENT if on_record.side is Side.CLIENT else Side.STAFF
    await desk.work.messages.settle(message, side, ticket.id, "staff added it")
    if side is Side.CLIENT:
        await hear(desk, ticket, message)
    if at < ticket.opened_at:
        return ticket
    if side is Side.CLIENT:
        return await client_wrote(desk, ticket, ClientPerson(message.user_id), at)
    await staff_wrote(desk, ticket, Staff(message.user_id), at)
    return ticket
