"""Why a deadline was missed: the ticket's timeline, and the cause that staff record."""

from dataclasses import dataclass, replace

from bot.domain.ticket import FAULT_LENGTH, Ticket
from bot.domain.tickets.cause import Cause, Passage, story_of
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


async def late_story(desk: Desk, key: str, actor: str) -> LateStory:
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
    happened = [
        Passage(event.at, event.kind, event.actor, _detail(event.after))
        for event in await desk.work.history.of(ticket.id)
    ]
    ended = (
        Passage(line.stopped_at, "answered", ticket.first_response_by or "")
        if line.stopped_at
        else Passage(desk.now, "not_answered")
    )
    return LateStory(
        ticket_view,
        story_of(
            Passage(ticket.opened_at, "opened", ticket.opened_by),
            sorted(happened, key=lambda passage: passage.at),
            Passage(due_at, "due", detail=line.metric.words),
            ended,
        ),
    )


def _detail(after: object) -> str:
    """Return the severity or the assignee that an event set, or ""."""
    values = after if isinstance(after, dict) else {}
    return str(values.get("severity") or values.get("assignee") or "")


async def set_cause(desk: Desk, key: str, actor: str, cause: str, words: str = "") -> Ticket:
    """Record why the ticket was late; the last cause given holds. Staff only.

    Raises Refusal if nothing was breached or `cause` is unknown.
    """
    story = await late_story(desk, key, actor)
    check_length(words, FAULT_LENGTH)
    if cause not in list(Cause):
        raise NoSuchCause
    ticket = story.ticket_view.ticket
    after = replace(ticket, cause=cause, cause_words=words.strip())
    return ticket if after == ticket else await desk.change(ticket, after, actor, "cause_said")
