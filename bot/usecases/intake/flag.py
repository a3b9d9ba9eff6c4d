"""Opening a ticket by a :ticket: reaction on a client's message."""

from datetime import datetime

from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import OnRecord
from bot.domain.operations.client import Client
from bot.domain.ticket import Side, Ticket, TicketState
from bot.domain.ticket_events import Flagged
from bot.slack_ts import MessageTs
from bot.usecases.access import person
from bot.usecases.desk import Desk
from bot.usecases.intake.receive_message import new_ticket
from bot.usecases.tickets.closing.reopen import reopen_by_client
from bot.usecases.tickets.mirror import hear


async def flag(
    desk: Desk, channel_id: ChannelId, ts: MessageTs, actor: UserId, at: datetime
) -> str:
    """Open a ticket for the flagged message, or reopen the cancelled ticket that it belongs to.

    `at` is the instant of the reaction. Return the outcome in words for the record.
    """
    client = await desk.work.clients.by_channel_for_update(channel_id)
    if client is None:
        return "not a client's channel"
    on_record = await desk.work.wordings.current(channel_id, ts)
    if on_record is None or on_record.deleted:
        return "no message that is on record"
    ticket = await flagged_ticket(desk, on_record)
    if ticket is None:
        return await _open_ticket(desk, client, on_record, actor, at)
    if ticket.state in {TicketState.WITHDRAWN, TicketState.DISMISSED}:
        await reopen_by_client(desk, ticket, await person(desk, actor), at)
        return f"{ticket.key} is needed after all"
    return f"part of {ticket.key} already"


async def flagged_ticket(desk: Desk, on_record: OnRecord) -> Ticket | None:
    """Return the ticket of the message's thread, else the ticket that the message joined, or
    None."""
    message = on_record.message
    root = message.thread_ts or message.ts
    ticket = await desk.work.tickets.by_thread_for_update(message.channel_id, root)
    if ticket is None and on_record.ticket_id is not None:
        return await desk.work.tickets.get_for_update(on_record.ticket_id)
    return ticket


async def _open_ticket(
    desk: Desk, client: Client, on_record: OnRecord, actor: UserId, at: datetime
) -> str:
    """Open a ticket as of the reaction, and return the outcome.

    The clock starts at the reaction, since nobody had asked for an answer before.
    """
    if on_record.side is not Side.CLIENT:
        return "not a client's words"
    ticket, reason = await new_ticket(desk, client, on_record.message, at, opened_at=at)
    if ticket is None:
        return f"not a ticket: {reason}"
    flagged = Flagged(on_record.message.ts)
    await desk.note(ticket, await person(desk, actor), flagged, at=at)
    await hear(desk, ticket, on_record.message)
    await desk.work.messages.settle(
        on_record.message, Side.CLIENT, ticket.id, "somebody flagged it"
    )
    return f"somebody flagged it ({ticket.key})"
