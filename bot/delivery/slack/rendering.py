"""Rendering messages of the outbox into the words that people read."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from bot.delivery.slack.pings import ping_message, pings_message
from bot.delivery.slack.render_agreements import agreement_message
from bot.domain.agreements.messages import AgreementMessage
from bot.domain.escalation.messages import PingMessage, PingsTogether
from bot.domain.ids import TicketId
from bot.domain.intake.messages import (
    AgreementEnded,
    AskCard,
    ClientRequest,
    DeletedMessageNote,
    IntakeMessage,
    WhereToWrite,
    WhichTicketQuestion,
)
from bot.domain.messages import Post
from bot.domain.operations.messages import AlarmMessage
from bot.domain.reports.digest import Digest
from bot.domain.reports.messages import DigestCsv, DigestMessage, DigestPicture, ReportMessage
from bot.domain.tickets.messages import (
    CardMessage,
    ClientCard,
    ClosingMessage,
    HandlingMessage,
    JoinedNote,
    MergedNote,
    MirroredMessages,
    NotCoveredNote,
    NoteMessage,
    ReopenedNote,
    ReplyMessage,
    ResolutionNote,
    ResolvedByAnother,
    TicketAssigned,
    TicketWoken,
    TriageCard,
)
from bot.domain.tickets.ticket_view import TicketView, client_ticket_view
from bot.usecases.desk import Desk
from bot.usecases.reports.digest import ATTAINMENT_DAYS, PICTURED_DAYS
from bot.views.agreements.agreement_changes import agreement_ended
from bot.views.card_lines import see_it
from bot.views.intake.ask import ask_card, asked_note
from bot.views.intake.edits import deleted_note
from bot.views.intake.where_to_write import where_to_write
from bot.views.intake.which_ticket import which_ticket
from bot.views.message import Message
from bot.views.operations.alarm import alarm, alarm_words
from bot.views.reports.chart import attainment_chart
from bot.views.reports.digest import digest
from bot.views.reports.digest_csv import csv_message
from bot.views.tickets.client_card import client_card
from bot.views.tickets.closing.merge import joined_note, merged_note
from bot.views.tickets.closing.reopen import reopened_note
from bot.views.tickets.closing.resolve import ended, resolution_note
from bot.views.tickets.handling.assign import handed_over
from bot.views.tickets.handling.note import note
from bot.views.tickets.handling.reply import reply_message
from bot.views.tickets.handling.snooze import woken
from bot.views.tickets.mirror import Said, mirrored
from bot.views.tickets.triage.category import not_covered_note
from bot.views.tickets.triage_card import client_thread, triage_card


async def render(
    desk: Desk, post: Post, ticket_views: Mapping[TicketId, TicketView], address: str
) -> Message | None:
    """Return the message for Slack as it reads now, or None if there is nothing left to say.

    A card shows the ticket when it is sent; `ticket_views` has the ticket's view by its ID.
    `address` is the channel or the person that reads the message.
    """
    match post:
        case AlarmMessage(alarm=raised):
            return alarm(alarm_words(raised))
        case PingMessage(ticket=ticket):
            return await ping_message(desk, post, address, ticket_views[ticket])
        case PingsTogether():
            return await pings_message(desk, post, address)
        case _:
            return await _of_wing(desk, post, ticket_views, address)


_OfWing = (
    CardMessage
    | HandlingMessage
    | ClosingMessage
    | IntakeMessage
    | AgreementMessage
    | ReportMessage
)


async def _of_wing(
    desk: Desk, post: _OfWing, ticket_views: Mapping[TicketId, TicketView], address: str
) -> Message | None:
    """Return the message of a wing whose messages have a function here."""
    if isinstance(post, CardMessage):
        return await _card(desk, post, ticket_views[post.ticket])
    if isinstance(post, HandlingMessage):
        return _handling(post, ticket_views[post.ticket])
    if isinstance(post, ClosingMessage):
        return _closing(post, ticket_views[post.ticket])
    if isinstance(post, IntakeMessage):
        return await _intake(desk, post, ticket_views)
    if isinstance(post, AgreementMessage):
        for_managers = address == desk.places.managers_channel
        return await agreement_message(desk, post, for_managers=for_managers)
    if isinstance(post, ReportMessage):
        return _report(post)
    assert_never(post)


async def _card(desk: Desk, card: CardMessage, ticket_view: TicketView) -> Message | None:
    match card:
        case ClientCard():
            return client_card(client_ticket_view(ticket_view))
        case TriageCard():
            return triage_card(ticket_view, now=desk.now)
        case MirroredMessages():
            return await _mirrored(desk, card, ticket_view.ticket.opened_at)
        case _:
            assert_never(card)


async def _mirrored(desk: Desk, copy: MirroredMessages, opened_at: datetime) -> Message | None:
    """Return the messages as they read now.

    The ticket's card shows the words of the message that opened the ticket at `opened_at`, so only
    its files are shown here.
    """
    records = await desk.work.wordings.of_ticket(copy.ticket, copy.by, copy.since, copy.until)
    said = [
        Said(
            record.message.text,
            record.message.file_names,
            see_it(record.message.channel_id, record.message.ts),
            edited=record.since_ts != record.message.ts,
            deleted=record.deleted,
        )
        for record in records
        if record.message.file_names or record.deleted or record.message.ts.instant != opened_at
    ]
    return mirrored(copy.by or "", said) if said else None


def _handling(message: HandlingMessage, ticket_view: TicketView) -> Message | None:
    match message:
        case TicketAssigned(by=by, to=to, reader=reader):
            return handed_over(ticket_view, by, to, reader)
        case TicketWoken():
            return woken(ticket_view) if ticket_view.ticket.is_open else None
        case NoteMessage(by=by, words=words):
            return note(by, words)
        case ReplyMessage(words=words, name=name):
            return reply_message(words, name)
        case NotCoveredNote():
            return not_covered_note(client_ticket_view(ticket_view))
        case _:
            assert_never(message)


def _closing(message: ClosingMessage, ticket_view: TicketView) -> Message:
    match message:
        case ResolutionNote():
            return resolution_note(client_ticket_view(ticket_view))
        case ResolvedByAnother(by=by):
            return ended(ticket_view, by)
        case ReopenedNote():
            return reopened_note(client_ticket_view(ticket_view))
        case MergedNote():
            return merged_note(client_ticket_view(ticket_view))
        case JoinedNote(by=by):
            return joined_note(ticket_view, by, client_thread(ticket_view))
        case _:
            assert_never(message)


async def _intake(
    desk: Desk, message: IntakeMessage, ticket_views: Mapping[TicketId, TicketView]
) -> Message:
    match message:
        case AskCard():
            return ask_card()
        case ClientRequest(ticket=ticket_id):
            ticket = ticket_views[ticket_id].ticket
            return asked_note(ticket.opened_by, ticket.summary)
        case WhichTicketQuestion(channel=channel, ts=ts, tickets=tickets):
            return which_ticket(await desk.work.channels.current(channel), ts, tickets)
        case WhereToWrite(catalog_version_id=version, plan_id=plan_id):
            return where_to_write(await desk.plans.plan(desk.work, version, plan_id))
        case AgreementEnded():
            return agreement_ended()
        case DeletedMessageNote(by=by):
            return deleted_note(by)
        case _:
            assert_never(message)


def _report(message: ReportMessage) -> Message | None:
    match message:
        case DigestMessage(digest=figures):
            return digest(figures, ATTAINMENT_DAYS)
        case DigestPicture(digest=Digest(attainment=attainment)):
            return attainment_chart(attainment, PICTURED_DAYS)
        case DigestCsv(report=report):
            return csv_message(report)
        case _:
            assert_never(message)
