"""Somebody puts a :ticket: on a message: it is a request, whatever was made of it."""

from datetime import datetime

from bot.domain.client import Client
from bot.domain.ticket import Side, Ticket, TicketState
from bot.ports import OnRecord
from bot.usecases.desk import Desk
from bot.usecases.intake import new_ticket
from bot.usecases.mirroring import FLAGGED, hear
from bot.usecases.resolving import reopen_by_client


async def flag(desk: Desk, channel_id: str, ts: str, actor: str, at: datetime) -> str:
    """What became of it, in words for the record."""
    client = await desk.work.clients.by_channel(channel_id)
    if client is None:
        return "not a client's channel"
    found = await desk.work.wordings.current(channel_id, ts)
    if found is None or found.deleted:
        return "no message that is on record"
    ticket = await flagged_ticket(desk, found)
    if ticket is None:
        return await _opened(desk, client, found, actor, at)
    if ticket.state in {TicketState.WITHDRAWN, TicketState.DISMISSED}:
        await reopen_by_client(desk, ticket, actor, at)
        return f"{ticket.key} is needed after all"
    return f"part of {ticket.key} already"


async def flagged_ticket(desk: Desk, found: OnRecord) -> Ticket | None:
    """That of its thread, or the one that it joined."""
    message = found.message
    root = message.thread_ts or message.ts
    ticket = await desk.work.tickets.by_thread(message.channel_id, root)
    if ticket is None and found.ticket_id is not None:
        return await desk.work.tickets.get(found.ticket_id)
    return ticket


async def _opened(desk: Desk, client: Client, found: OnRecord, actor: str, at: datetime) -> str:
    """The ticket is opened `at` the reaction: nobody owed an answer before it was said that one
    is wanted."""
    if found.side is not Side.CLIENT:
        return "not a client's words"
    ticket, because = await new_ticket(desk, client, found.message, at, opened_at=at)
    if ticket is None:
        return f"not a ticket: {because}"
    await desk.note(ticket, actor, FLAGGED, at=at, message=found.message.ts)
    await hear(desk, ticket, found.message)
    await desk.work.messages.settle(found.message, Side.CLIENT, ticket.id, "somebody flagged it")
    return f"somebody flagged it ({ticket.key})"
