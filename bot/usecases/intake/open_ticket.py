"""Opening tickets: from a message, from a staff report, or from the client's dialog."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.actor import ClientPerson, Staff
from bot.domain.agreements.agreement import Agreement
from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.channel_message import ANNOUNCED, ChannelMessage
from bot.domain.intake.refusals import NoClientOfReport, ReportMissing
from bot.domain.operations.client import Client
from bot.domain.sla.calendars.parse_time_input import instant_given
from bot.domain.ticket import Source, Ticket, found_late
from bot.domain.ticket_events import BeganEarlier, ClientWrote, Opened
from bot.domain.tickets.new_ticket import NewTicket
from bot.slack_ts import MessageTs
from bot.usecases.access import person, staff_member
from bot.usecases.agreements.plan_in_force import agreement_at, plan_id_of, plan_in_force
from bot.usecases.desk import Desk, cards
from bot.usecases.sla.clocks import recompute_clocks, start_clocks
from bot.usecases.tickets.conversation import staff_wrote
from bot.usecases.tickets.mirror import mirror

SUMMARY_LENGTH = 3000  # characters kept with the ticket; the message itself is kept whole


@dataclass(frozen=True, slots=True)
class Report:
    """A report that reached staff by e-mail, phone or portal, entered by `actor`."""

    actor: UserId
    submission_id: str  # identifies the submission: a repeated delivery opens nothing more
    client_key: str
    source: Source
    reported_at: str | None  # local wall time in the plan's zone; None = now
    reported_by: str
    words: str


async def open_from_message(
    desk: Desk,
    client: Client,
    agreement: Agreement,
    message: ChannelMessage,
    *,
    said_at: datetime,
    opened_at: datetime,
) -> Ticket:
    """Open a ticket for a client's message.

    `opened_at` is the message's Slack `ts`, never the time of receipt, or the instant at which
    somebody asked for a ticket. `said_at` is the instant since which the message is a request: if
    it is long ago, the ticket is marked as received late.
    """
    ticket = await _open(
        desk,
        client,
        agreement,
        source=Source.SLACK,
        opened_at=opened_at,
        opened_by=message.user_id,
        summary=summary_of(message),
        channel_id=message.channel_id,
        thread_ts=message.thread_ts or message.ts,
        found_at=found_late(said_at, desk.now),
    )
    await answers_found(desk, ticket, message)
    return ticket


async def began_earlier(
    desk: Desk, ticket: Ticket, message: ChannelMessage, *, said_at: datetime
) -> Ticket:
    """Let an earlier message that arrived late begin the ticket, and return the ticket.

    The clock starts at that message. The former first message becomes a follow-up in the history.
    """
    before = replace(
        ticket,
        opened_at=message.ts.instant,
        opened_by=message.user_id,
        summary=summary_of(message),
        found_at=found_late(said_at, desk.now) or ticket.found_at,
    )
    author = ClientPerson(message.user_id)
    earlier = await desk.change(ticket, before, author, BeganEarlier)
    # The former first message is a follow-up now.
    former = ClientPerson(UserId(ticket.opened_by))
    await desk.note(ticket, former, ClientWrote(), at=ticket.opened_at)
    await mirror(desk, earlier, former.user_id, MessageTs.at(ticket.opened_at))
    if not await answers_found(desk, earlier, message, until=ticket.opened_at):
        await recompute_clocks(desk, earlier)
    await desk.count_anew(earlier)
    return earlier


async def answers_found(
    desk: Desk, ticket: Ticket, message: ChannelMessage, *, until: datetime | None = None
) -> bool:
    """Attach the staff answers that arrived before the message whose thread they are in.

    Slack guarantees no order. An answer is handled if it belongs to no ticket yet or was sent
    before `until`, the former opening of the ticket. Answers sent before the opening are attached
    but do not count as responses. Return whether any answer counted.
    """
    root = message.thread_ts or message.ts
    any_counted = False
    for answer in await desk.work.messages.of_staff(message.channel_id, root, message.ts):
        at = answer.ts.instant
        if answer.ticket_id is None:
            await desk.work.messages.join(message.channel_id, answer.ts, ticket.id)
        elif until is None or at >= until:
            continue
        if at < ticket.opened_at:
            continue  # written before anybody asked for a ticket, so it is no response
        author = Staff(answer.user_id)
        await staff_wrote(desk, await desk.work.tickets.get_for_update(ticket.id), author, at)
        any_counted = True
    return any_counted


def summary_of(message: ChannelMessage) -> str:
    """Return the message's words, or the known names of its files; at most SUMMARY_LENGTH
    characters."""
    names = ", ".join(name for name in message.file_names if not name.startswith(ANNOUNCED))
    words = message.text.strip() or (f"(a file: {names})" if names else "(a file)")
    return words[:SUMMARY_LENGTH]


async def open_from_report(desk: Desk, report: Report) -> None:
    """Open a ticket for a report that staff entered. Staff only.

    Nothing happens if the submission was handled before. Raises Refusal if the report has a fault.
    """
    by = (await staff_member(desk, report.actor)).actor
    client = await desk.work.clients.by_key_for_update(report.client_key)
    if client is None:
        raise NoClientOfReport(report.client_key)
    if not report.words.strip():
        raise ReportMissing
    if not await desk.work.idempotency.claim("report", report.submission_id, "", desk.now):
        return
    plan = await plan_in_force(desk, await agreement_at(desk, client, desk.now), desk.now)
    opened_at = instant_given(report.reported_at, plan.zone, desk.now)
    await _open(
        desk,
        client,
        await agreement_at(desk, client, opened_at),
        source=report.source,
        opened_at=opened_at,
        opened_by=report.reported_by.strip() or client.name,
        summary=report.words.strip(),
        entered_by=by,
    )


async def open_in_channel(
    desk: Desk, client: Client, actor: UserId, words: str, channel_id: ChannelId
) -> Ticket:
    """Open a ticket, as of now, for a client who asked through the dialog in `channel_id`.

    The desk posts the words. `thread_ts` is set once Slack has posted them.
    """
    return await _open(
        desk,
        client,
        await agreement_at(desk, client, desk.now),
        source=Source.SLACK,
        opened_at=desk.now,
        opened_by=actor,
        summary=words,
        channel_id=channel_id,
    )


async def _open(
    desk: Desk,
    client: Client,
    agreement: Agreement,
    *,
    source: Source,
    opened_at: datetime,
    opened_by: str,
    summary: str,
    channel_id: ChannelId | None = None,
    thread_ts: MessageTs | None = None,
    found_at: datetime | None = None,
    entered_by: Staff | None = None,
) -> Ticket:
    """Store a new ticket with its clocks, history and cards.

    The timers of a ticket that is late already fire at once. Its breach is not recorded here, since
    an answer may arrive with it, and since pings that are due together share a message.
    """
    ticket = await desk.work.tickets.add(
        NewTicket(
            client_id=client.id,
            source=source,
            opened_at=opened_at,
            opened_by=opened_by,
            summary=summary[:SUMMARY_LENGTH],
            agreement_id=agreement.id,
            catalog_version_id=await desk.work.catalogs.in_force(agreement.catalog, opened_at),
            plan_id=plan_id_of(agreement),
            channel_id=channel_id,
            thread_ts=thread_ts,
            found_at=found_at,
            counted=source is not Source.ALERT,
        )
    )
    await start_clocks(desk, ticket)
    actor = entered_by or await person(desk, UserId(opened_by))
    await desk.note(ticket, actor, Opened(source), at=opened_at)
    await desk.work.outbox.say(*cards(ticket, desk.places))
    await desk.count_anew(ticket)
    return ticket
