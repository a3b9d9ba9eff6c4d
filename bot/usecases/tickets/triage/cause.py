"""Why a deadline was missed: the ticket's timeline, and the cause that staff record."""

from dataclasses import dataclass, replace

from bot.domain.ids import UserId
from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.domain.ticket_events import CauseRecorded
from bot.domain.tickets.cause import Cause, Passage, Step, passages_of, story_of
from bot.domain.tickets.refusals import NoSuchCause, NothingBreached
from bot.domain.tickets.ticket_view import TicketView
from bot.usecases.access import check_length, staff_member, ticket_by_key
from bot.usecases.desk import Desk
from bot.usecases.tickets.ticket_views import view_ticket


@dataclass(frozen=True, slots=True)
class LateStory:
    """A ticket with the timeline of its earliest breach."""

    ticket_view: TicketView
    passages: tuple[Passage, ...]


async def late_story(desk: Desk, key: str, actor: UserId) -> LateStory:
    """Return the timeline of the ticket's earliest breach. Staff only; raises Refusal if there is
    none."""
    await staff_member(desk, actor)
    return await told(desk, await ticket_by_key(desk, key))


async def told(desk: Desk, ticket: Ticket) -> LateStory:
    """Return the timeline of the ticket's earliest breach; the caller has checked that its reader
    is staff. Raises Refusal if there is none."""
    ticket_view = await view_ticket(desk, ticket)
    broken = [line for line in ticket_view.clocks if line.breached_at is not None]
    if not broken:
        raise NothingBreached(ticket.key)
    line = min(broken, key=lambda clock: clock.breached_at or desk.now)
    due_at = line.breached_at or desk.now
    opened = Passage(ticket.opened_at, Step.OPENED, ticket.opened_by)
    due = Passage(due_at, Step.DUE, detail=line.metric.words)
    ended = (
        Passage(line.stopped_at, Step.ANSWERED, ticket.first_response_by)
        if line.stopped_at
        else Passage(desk.now, Step.NOT_ANSWERED)
    )
    happened = passages_of(await desk.work.history.of(ticket.id))
    return LateStory(ticket_view, story_of(opened, happened, due, ended))


async def set_cause(desk: Desk, key: str, actor: UserId, cause: str, words: str = "") -> Ticket:
    """Record why the ticket was late; the last cause given holds. Staff only.

    Raises Refusal if nothing was breached or `cause` is unknown.
    """
    by = (await staff_member(desk, actor)).actor
    story = await told(desk, await ticket_by_key(desk, key))
    check_length(words, FAULT_LENGTH)
    if cause not in list(Cause):
        raise NoSuchCause
    ticket = story.ticket_view.ticket
    after = replace(ticket, cause=cause, cause_words=words.strip() or None)
    return ticket if after == ticket else await desk.change(ticket, after, by, CauseRecorded)
