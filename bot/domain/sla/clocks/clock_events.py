"""Converting a ticket's history to the moments that its clocks depend on."""

from collections.abc import Iterable

from bot.domain.sla.clocks.measured_spans import ClockEvent, ClockEventKind
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import Event

MERGED, UNMERGED = "merged", "unmerged"  # in the history: the second undoes the first
FROM_NOW = "now"  # in the history: the severity applies from that instant on
_MOMENTS = {kind.value for kind in ClockEventKind} - {ClockEventKind.OPENED, ClockEventKind.TRIAGED}


def clock_events_of(ticket: Ticket, history: Iterable[Event]) -> list[ClockEvent]:
    """Return the ticket's opening and the moments from its history.

    The opening is taken from the ticket, not from the history: an earlier message can arrive late.
    """
    opened = ClockEvent(ticket.opened_at, ClockEventKind.OPENED)
    return [
        opened,
        *(moment for event in _without_undone_merges(history) if (moment := _moment(event))),
    ]


def _without_undone_merges(history: Iterable[Event]) -> list[Event]:
    """Return the history without merges that were undone, as if the ticket had stayed open."""
    standing: list[Event] = []
    for event in history:
        if event.kind == UNMERGED:
            standing = [earlier for earlier in standing if earlier.kind != MERGED]
        else:
            standing.append(event)
    return standing


def _moment(event: Event) -> ClockEvent | None:
    """Return the moment that an event stands for, or None."""
    if event.kind == MERGED:
        return ClockEvent(event.at, ClockEventKind.CANCELLED)
    if event.kind in _MOMENTS:
        return ClockEvent(event.at, ClockEventKind(event.kind))
    severity = event.after.get("severity")
    if event.kind.startswith("severity_") and severity is not None:
        from_now = event.after.get("from") == FROM_NOW
        return ClockEvent(event.at, ClockEventKind.TRIAGED, str(severity), from_now=from_now)
    return None
