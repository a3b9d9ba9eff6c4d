"""Messages that staff pick: one becomes a ticket, or part of one."""

from dataclasses import dataclass

from bot.clock import instant_of
from bot.domain.ticket import Side, Ticket
from bot.errors import Refusal
from bot.ports import OnRecord
from bot.usecases.clock import client_wrote, staff_wrote
from bot.usecases.desk import Desk, staff_member, ticket_by_key
from bot.usecases.flagging import flag, flagged_ticket
from bot.usecases.mirroring import hear
from bot.usecases.noting import note


@dataclass(frozen=True, slots=True)
class Picked:
    """A message that somebody chose a shortcut on; `words` as Slack gave them."""

    channel_id: str
    ts: str
    words: str


async def open_from(desk: Desk, picked: Picked, actor: str) -> Ticket | None:
    """The ticket of a client's message, opened now unless it is part of one already. None for any
    other message: its words are to be entered as a report."""
    await staff_member(desk, actor)
    found = await _of_a_client(desk, picked)
    if found is None or found.side is not Side.CLIENT:
        return None
    channel_id, ts = found.message.channel_id, found.message.ts
    became = await flag(desk, channel_id, ts, actor, desk.now)
    again = await desk.work.wordings.current(channel_id, ts)
    ticket = await flagged_ticket(desk, again) if again else None
    if ticket is None:
        raise Refusal(f"It opens no ticket: {became}.")
    return ticket


async def _of_a_client(desk: Desk, picked: Picked) -> OnRecord | None:
    """The message as it is on record, if it stands in a client's channel."""
    channel_id = await desk.work.channels.current(picked.channel_id)
    if await desk.work.clients.by_channel(channel_id) is None:
        return None
    found = await desk.work.wordings.current(channel_id, picked.ts)
    return None if found is None or found.deleted else found


async def add_to(desk: Desk, picked: Picked, key: str, actor: str) -> Ticket:
    """Make the message part of a ticket, as of its own `ts`; one that the ticket's client cannot
    see is noted with it."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    found = await _of_a_client(desk, picked)
    if found is None:
        return await note(desk, key, actor, picked.words)
    message, at = found.message, instant_of(picked.ts)
    if message.channel_id != ticket.channel_id:
        raise Refusal(f"{ticket.key} is not of that channel: choose a ticket of the same client.")
    if found.ticket_id is not None:
        other = await desk.work.tickets.get(found.ticket_id)
        raise Refusal(f"That message is part of {other.key} already.")
    side = Side.CLIENT if found.side is Side.CLIENT else Side.STAFF
    await desk.work.messages.settle(message, side, ticket.id, "staff added it")
    if side is Side.CLIENT:
        await hear(desk, ticket, message)
    if at < ticket.opened_at:
        return ticket
    if side is Side.CLIENT:
        return await client_wrote(desk, ticket, message.user_id, at)
    await staff_wrote(desk, ticket, message.user_id, at)
    return ticket
