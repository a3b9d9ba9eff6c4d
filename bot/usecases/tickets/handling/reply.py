"""Answers to a client: written in triage and posted in the engineer's name, or given elsewhere."""

from dataclasses import dataclass, replace
from typing import assert_never

from bot.domain.actor import Staff
from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.messages import ClientRequest
from bot.domain.sla.calendars.parse_time_input import instant_given
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import AnswerRecorded, Replied
from bot.domain.tickets.messages import ReplyMessage, ResolutionNote
from bot.domain.tickets.refusals import (
    Action,
    AnswerMissing,
    AnswerTooEarly,
    CameElsewhere,
    TicketNotOpen,
)
from bot.slack_ts import MessageTs
from bot.usecases.access import staff_member, ticket_by_key
from bot.usecases.desk import Desk, to_client
from bot.usecases.tickets.confidentiality import check_confidentiality
from bot.usecases.tickets.conversation import staff_wrote


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked answer, ready to be posted to `channel_id` in the engineer's `name`."""

    ticket: Ticket
    channel_id: ChannelId
    words: str
    name: str | None


async def draft(desk: Desk, key: str, actor: UserId, words: str) -> Draft:
    """Check an answer and return it as the client would read it, for its author to confirm.

    Raises Refusal if the ticket or the words do not allow it.
    """
    member = await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id is None:
        raise CameElsewhere(key, ticket.source)
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.ANSWER)
    if not words.strip():
        raise AnswerMissing
    await check_confidentiality(desk, ticket, words)
    return Draft(ticket, ticket.channel_id, words.strip(), member.name)


async def reply(desk: Desk, key: str, actor: UserId, words: str, *, submission_id: str) -> Ticket:
    """Queue the answer for the ticket's thread in the client's channel.

    `submission_id` identifies the submission, so that a repeated delivery posts nothing more. The
    answer counts as a response once Slack has posted it (see `delivered`).
    """
    answer = await draft(desk, key, actor, words)
    ticket = answer.ticket
    if not await desk.work.idempotency.claim("reply", submission_id, "", desk.now):
        return ticket
    message = ReplyMessage(ticket.id, actor, answer.name, answer.words)
    key = f"reply:{ticket.id}:{submission_id}"
    await desk.work.outbox.say(to_client(ticket, key, message, answer.channel_id))
    await desk.note(ticket, Staff(actor), Replied())
    return ticket


async def record_answer(
    desk: Desk, key: str, actor: UserId, words: str, given_at: str | None, *, submission_id: str
) -> Ticket:
    """Record an answer that was given outside Slack.

    `given_at` is wall time in the plan's zone, None for now; NoSuchTime is raised if it is before
    the report or in the future. `submission_id` identifies the submission, so that a repeated
    delivery records nothing more.
    """
    by = (await staff_member(desk, actor)).actor
    ticket = await ticket_by_key(desk, key)
    at = instant_given(given_at, (await desk.plan_of(ticket)).zone, desk.now)
    if at < ticket.opened_at.replace(second=0, microsecond=0):  # people type no seconds
        raise AnswerTooEarly(key)
    if not await desk.work.idempotency.claim("answer", submission_id, "", desk.now):
        return ticket
    at = max(at, ticket.opened_at)
    await desk.note(ticket, by, AnswerRecorded(words.strip()), at=at)
    await staff_wrote(desk, ticket, by, at)
    return ticket


# The messages for which `delivered` must be called once Slack has posted them.
FollowedMessage = ReplyMessage | ResolutionNote | ClientRequest


async def delivered(desk: Desk, message: FollowedMessage, ts: MessageTs) -> None:
    """Act on a message of ours that Slack has posted at `ts`.

    An engineer's words answer the ticket at `ts`; a client's own words begin the ticket's thread.
    """
    ticket = await desk.work.tickets.get_for_update(message.ticket)
    match message:
        case ReplyMessage(by=by) | ResolutionNote(by=by):
            await staff_wrote(desk, ticket, Staff(by), ts.instant)
        case ClientRequest():
            await desk.work.tickets.save(replace(ticket, thread_ts=ts))
            await desk.refresh_cards(ticket)
        case _:
            assert_never(message)
