"""Converting a ticket's history to the events that its clocks depend on."""

from collections.abc import Iterable
from typing import assert_never

from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import (
    AnswerRecorded,
    Assigned,
    BeganEarlier,
    BreachCorrected,
    Breached,
    BreachWithdrawn,
    Cancelled,
    Categorised,
    CauseRecorded,
    ClientWrote,
    Deleted,
    Edited,
    FaultRecorded,
    FirstResponse,
    Flagged,
    Joined,
    Merged,
    NoLongerWaiting,
    Noted,
    Opened,
    ProposalNoted,
    Rated,
    RecordedEvent,
    Reopened,
    Replied,
    Resolved,
    Resumed,
    SeverityDecided,
    SeverityProposed,
    Snoozed,
    StaffWrote,
    Taken,
    TimersRepaired,
    Unmerged,
    Waiting,
    Waived,
    Woken,
)

# Events that no clock depends on. The opening is taken from the ticket, and every message that
# answers or asks has an event of its own beside these.
_NotForClocks = (
    Opened
    | BeganEarlier
    | FirstResponse
    | ProposalNoted
    | Taken
    | Assigned
    | NoLongerWaiting
    | Snoozed
    | Woken
    | Categorised
    | FaultRecorded
    | CauseRecorded
    | Waived
    | Noted
    | Replied
    | AnswerRecorded
    | Unmerged
    | Joined
    | Rated
    | Breached
    | BreachCorrected
    | BreachWithdrawn
    | Flagged
    | Edited
    | Deleted
    | TimersRepaired
)


def clock_events_of(ticket: Ticket, history: Iterable[RecordedEvent]) -> list[ClockEvent]:
    """Return the ticket's opening and the clock events from its history.

    The opening is taken from the ticket, not from the history: an earlier message can arrive late.
    """
    opened = ClockEvent(ticket.opened_at, ClockEventKind.OPENED)
    standing = _without_undone_merges(history)
    return [opened, *filter(None, (_clock_event(recorded) for recorded in standing))]


def _without_undone_merges(history: Iterable[RecordedEvent]) -> list[RecordedEvent]:
    """Return the history without merges that were undone, as if the ticket had stayed open."""
    standing: list[RecordedEvent] = []
    for recorded in history:
        if isinstance(recorded.event, Unmerged):
            standing = [past for past in standing if not isinstance(past.event, Merged)]
        else:
            standing.append(recorded)
    return standing


def _clock_event(recorded: RecordedEvent) -> ClockEvent | None:
    """Return the clock event that an event of the history stands for, or None."""
    event = recorded.event
    if isinstance(event, _NotForClocks):
        return None
    if isinstance(event, SeverityProposed | SeverityDecided):
        severity = event.changes.severity
        if severity is None or severity.after is None:
            return None
        from_now = isinstance(event, SeverityDecided) and event.from_now
        return ClockEvent(recorded.at, ClockEventKind.TRIAGED, severity.after, from_now=from_now)
    return ClockEvent(recorded.at, _kind(event))


def _kind(
    event: StaffWrote | ClientWrote | Waiting | Resumed | Resolved | Reopened | Cancelled | Merged,
) -> ClockEventKind:
    """Return the kind of clock event that the event stands for."""
    match event:
        case StaffWrote():
            kind = ClockEventKind.STAFF_WROTE
        case ClientWrote():
            kind = ClockEventKind.CLIENT_WROTE
        case Waiting():
            kind = ClockEventKind.WAITING
        case Resumed():
            kind = ClockEventKind.RESUMED
        case Resolved():
            kind = ClockEventKind.RESOLVED
        case Reopened():
            kind = ClockEventKind.REOPENED
        case Cancelled() | Merged():
            kind = ClockEventKind.CANCELLED
        case _:
            assert_never(event)
    return kind
