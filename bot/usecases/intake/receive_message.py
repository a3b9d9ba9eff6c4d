"""Intake of messages in a client's channel: each opens a ticket, joins a ticket, or is only
recorded."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.actor import ClientPerson, Staff
from bot.domain.destinations import Thread
from bot.domain.intake.channel_message import ChannelMessage
from bot.domain.intake.messages import AgreementEnded, WhereToWrite
from bot.domain.intake.small_talk import is_pleasantry
from bot.domain.messages import Outgoing
from bot.domain.operations.client import Client, Intake
from bot.domain.ticket import Side, Source, Ticket
from bot.slack_ts import MessageTs
from bot.usecases.access import ticket_by_key
from bot.usecases.agreements.plan_in_force import agreement_at, plan_in_force
from bot.usecases.desk import Desk
from bot.usecases.intake.open_ticket import answers_found, began_earlier, open_from_message
from bot.usecases.intake.which_ticket import ask_which
from bot.usecases.tickets.closing.reopen import reopen_by_client
from bot.usecases.tickets.conversation import client_wrote, staff_wrote
from bot.usecases.tickets.mirror import hear


async def receive_message(desk: Desk, message: ChannelMessage) -> str:
    """Record a new message and attach it to a ticket. Return the outcome in words for the record.

    A message that is already on record changes nothing.
    """
    client = await desk.work.clients.by_channel_for_update(message.channel_id)
    if client is None:
        return "not a client's channel"
    if not await desk.work.messages.record(message, desk.now):
        return "on record already"
    if await desk.work.staff.get(message.user_id) is not None:
        side, (ticket, reason) = Side.STAFF, await _from_staff(desk, message)
    else:
        said_at = message.ts.instant
        side = Side.CLIENT
        ticket, reason = await from_client(desk, client, message, said_at=said_at)
        if ticket is not None:
            await hear(desk, ticket, message)
    await desk.work.messages.settle(message, side, ticket.id if ticket else None, reason)
    return f"{reason} ({ticket.key})" if ticket else f"not a ticket: {reason}"


async def _from_staff(desk: Desk, message: ChannelMessage) -> tuple[Ticket | None, str]:
    """Return the ticket that a staff message belongs to, and the reason.

    "First response: the first message by a person on the vendor's staff that the client can see in
    the ticket." At top level it counts if a single ticket awaits an answer; if several do, its
    author is asked.
    """
    at = message.ts.instant
    ticket = await _ticket_of_thread(desk, message)
    ticket = await _continuing_ticket(desk, ticket, at) if ticket else None
    if ticket is None and message.thread_ts is None:
        waiting = await desk.work.tickets.awaiting_answer(message.channel_id)
        candidates = [ticket for ticket in waiting if ticket.opened_at <= at]
        ticket = candidates[0] if len(candidates) == 1 else None
        if len(candidates) > 1:
            await ask_which(desk, message, candidates)
            return None, "staff wrote, and were asked which ticket it is meant for"
    if ticket is None:
        return None, "staff wrote outside any ticket"
    if at < ticket.opened_at:
        return ticket, "staff wrote before it was opened"
    first = await staff_wrote(desk, ticket, Staff(message.user_id), at)
    return ticket, "the first response" if first else "staff wrote"


def asks_for_nothing(message: ChannelMessage) -> bool:
    """Return whether the message is only thanks or a greeting, without files."""
    return not message.file_names and is_pleasantry(message.text)


def _reason_for_no_ticket(client: Client, message: ChannelMessage) -> str | None:
    """Return why the message opens no ticket, or None if it opens a ticket.

    The client's setting decides: "intake modes per channel".
    """
    if asks_for_nothing(message):
        return "it asks for nothing"
    if client.intake is Intake.MENTION and not message.to_the_desk:
        return "only what mentions the desk opens a ticket in this channel"
    if client.intake is Intake.ASKED:
        return "only the card's button or a :ticket: opens a ticket in this channel"
    return None


async def from_client(
    desk: Desk, client: Client, message: ChannelMessage, *, said_at: datetime
) -> tuple[Ticket | None, str]:
    """Return the ticket that a client's message belongs to, and the reason; open a ticket if
    needed.

    `said_at` is the instant since which the words stand: the message's `ts`, or that of the edit
    that turned it into a request.
    """
    own = await _ticket_of_thread(desk, message) or await _ticket_to_join(desk, client, message)
    if own is not None:
        ticket = await _continuing_ticket(desk, own, said_at)
        if asks_for_nothing(message):
            return ticket, "a follow-up"
        author = ClientPerson(message.user_id)
        is_earlier = message.ts.instant < ticket.opened_at
        if is_earlier and ticket.source is Source.SLACK and ticket.id == own.id:
            earlier = await began_earlier(desk, ticket, message, said_at=said_at)
            return earlier, "the beginning, come late"
        if ticket.resolved_at is not None and ticket.resolved_at <= said_at:
            ticket = await reopen_by_client(desk, ticket, author, said_at)
        ticket = await client_wrote(desk, ticket, author, said_at)
        if message.thread_ts is None:
            await answers_found(desk, ticket, message)
        return ticket, "a follow-up"
    if reason := _reason_for_no_ticket(client, message):
        return None, reason
    return await new_ticket(desk, client, message, said_at, opened_at=message.ts.instant)


async def _ticket_of_thread(desk: Desk, message: ChannelMessage) -> Ticket | None:
    """Return the ticket of the message's thread, or None.

    A thread under a follow-up or under a top-level answer belongs to the same ticket.
    """
    root = message.thread_ts or message.ts
    ticket = await desk.work.tickets.by_thread_for_update(message.channel_id, root)
    if ticket is None and message.thread_ts is not None:
        ticket_id = await desk.work.messages.ticket_of(message.channel_id, root)
        return await desk.work.tickets.get_for_update(ticket_id) if ticket_id is not None else None
    return ticket


async def _continuing_ticket(desk: Desk, ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket that continues this ticket at `at`: the target of any merge before that
    instant."""
    while ticket.merged_into and ticket.resolved_at and ticket.resolved_at < at:
        ticket = await ticket_by_key(desk, ticket.merged_into)
    return ticket


async def _ticket_to_join(desk: Desk, client: Client, message: ChannelMessage) -> Ticket | None:
    """Return the open ticket that a top-level message joins, or None.

    A message joins the ticket of the same person's posts within `join_minutes`, before or after it:
    Slack may deliver the later post first.
    """
    if message.thread_ts is not None:
        return None
    at, near = message.ts.instant, timedelta(minutes=client.join_minutes)
    just_after = at + near + timedelta(microseconds=1)
    ticket_id = await desk.work.messages.joined_near(
        message.channel_id,
        message.user_id,
        MessageTs.at(at - near),
        message.ts,
        MessageTs.at(just_after),
    )
    if ticket_id is None:
        return None
    ticket = await desk.work.tickets.get_for_update(ticket_id)
    return ticket if (await _continuing_ticket(desk, ticket, at)).is_open else None


async def new_ticket(
    desk: Desk, client: Client, message: ChannelMessage, said_at: datetime, *, opened_at: datetime
) -> tuple[Ticket | None, str]:
    """Open a ticket for the message, and return it with the reason.

    If the plan has no support in Slack or the agreement has ended, post in the channel instead, at
    most once a day, and return None with the reason.
    """
    agreement = await agreement_at(desk, client, opened_at)
    if not agreement.has_plan:
        return None, await _post_agreement_ended(desk, message, agreement.zone, opened_at)
    plan = await plan_in_force(desk, agreement, opened_at)
    if plan.in_slack:
        ticket = await open_from_message(
            desk, client, agreement, message, said_at=said_at, opened_at=opened_at
        )
        return ticket, "a new ticket"
    day = opened_at.astimezone(ZoneInfo(plan.zone)).date().isoformat()
    version = await desk.work.catalogs.in_force(agreement.catalog, opened_at)
    notice = WhereToWrite(version, plan.id)
    key = f"where-to-write:{message.channel_id}:{day}"
    await desk.work.outbox.say(Outgoing(key, _thread_of(message), notice))
    return None, f"{plan.name} is supported by {' or '.join(plan.channels)}"


async def _post_agreement_ended(
    desk: Desk, message: ChannelMessage, zone: str, at: datetime
) -> str:
    """Post that the agreement has ended, at most once a day. Return the reason."""
    day = at.astimezone(ZoneInfo(zone)).date().isoformat()
    key = f"where-to-write:{message.channel_id}:{day}"
    await desk.work.outbox.say(Outgoing(key, _thread_of(message), AgreementEnded()))
    return "the agreement has ended"


def _thread_of(message: ChannelMessage) -> Thread:
    """Return the thread that the message is in or starts."""
    return Thread(message.channel_id, message.thread_ts or message.ts)
