"""Resolving and reopening tickets."""

from dataclasses import replace

from bot.domain.destinations import Direct
from bot.domain.ids import UserId
from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket, TicketState
from bot.domain.ticket_events import Resolved
from bot.domain.tickets.messages import ReopenedNote, ResolutionNote, ResolvedByAnother
from bot.domain.tickets.refusals import Action, NoSeverityYet, ResolutionMissing, TicketNotOpen
from bot.slack_ts import MessageTs
from bot.usecases.access import check_length, staff_member, ticket_by_key
from bot.usecases.desk import Desk, to_client
from bot.usecases.sla.clocks import recompute_clocks
from bot.usecases.tickets.closing.merge import parts_of
from bot.usecases.tickets.confidentiality import check_confidentiality
from bot.usecases.tickets.conversation import staff_wrote
from bot.usecases.tickets.triage.severity import decide_severity


async def resolve(
    desk: Desk, key: str, actor: UserId, what_was_done: str, severity: str | None = None
) -> Ticket:
    """Resolve the ticket with words for the client. Staff only.

    The severity must be set by then, since the first response is judged by it. If nobody has
    answered yet, the words are the first response once the client sees them; without a channel they
    count at once. Raises Refusal if the words or the severity are missing.
    """
    by = (await staff_member(desk, actor)).actor
    if severity is not None:
        await decide_severity(desk, key, actor, severity)
    ticket = await ticket_by_key(desk, key)
    _check_resolvable(ticket, what_was_done)
    check_length(what_was_done)
    await check_confidentiality(desk, ticket, what_was_done)
    ended = replace(
        ticket,
        state=TicketState.RESOLVED,
        resolved_at=desk.now,
        resolution=what_was_done.strip(),
        waiting_since=None,
        snoozed_until=None,
    )
    after = await desk.change(ticket, ended, by, Resolved)
    await recompute_clocks(desk, after)
    await post_in_threads(desk, after, ResolutionNote(after.id, actor))
    if after.assignee is not None and after.assignee != actor:
        await _notify_assignee(desk, after, after.assignee, actor)
    if after.channel_id is None and after.first_response_at is None:
        await staff_wrote(desk, after, by, desk.now)
    return after


async def _notify_assignee(desk: Desk, ticket: Ticket, assignee: UserId, actor: UserId) -> None:
    """Notify the assignee that somebody else resolved the ticket, since they may be about to
    answer."""
    key = f"ended:{ticket.id}:{MessageTs.at(desk.now)}"
    message = ResolvedByAnother(ticket.id, actor)
    await desk.work.outbox.say(Outgoing(key, Direct(assignee), message))


def _check_resolvable(ticket: Ticket, what_was_done: str) -> None:
    """Raise Refusal if the ticket is closed, has no severity, or `what_was_done` is empty."""
    if not ticket.is_open:
        raise TicketNotOpen(ticket.key, ticket.state, Action.RESOLVE)
    if ticket.severity is None:
        raise NoSeverityYet(ticket.key)
    if not what_was_done.strip():
        raise ResolutionMissing


async def post_in_threads(
    desk: Desk, ticket: Ticket, message: ResolutionNote | ReopenedNote
) -> None:
    """Post in the client's thread that the ticket was resolved or reopened.

    The threads of the tickets merged into it get the same message.
    """
    for part in [ticket, *await parts_of(desk, ticket)]:
        if part.channel_id is not None:
            suffix = f":{part.id}" if part.id != ticket.id else ""
            key = f"{message.kind}:{ticket.id}:{MessageTs.at(desk.now)}{suffix}"
            await desk.work.outbox.say(to_client(part, key, message, part.channel_id))
