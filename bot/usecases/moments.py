"""From a ticket's history to the moments that its clocks take notice of."""

from collections.abc import Iterable

from bot.domain.life import Moment, What
from bot.domain.ticket import Ticket
from bot.ports import Event

MERGED, UNMERGED = "merged", "unmerged"  # in the history: the second undoes the first
FROM_NOW = "now"  # in the history: the severity *became* so at that instant
_MOMENTS = {what.value for what in What} - {What.OPENED, What.TRIAGED}


def moments_of(ticket: Ticket, history: Iterable[Event]) -> list[Moment]:
    """The opening is the ticket's own: an earlier message can reach us after a later one."""
    opened = Moment(ticket.opened_at, What.OPENED)
    return [opened, *(moment for event in _standing(history) if (moment := _moment(event)))]


def _standing(history: Iterable[Event]) -> list[Event]:
    """Without the merges that were undone: an answer was owed all the while."""
    standing: list[Event] = []
    for event in history:
        if event.kind == UNMERGED:
            standing = [one for one in standing if one.kind != MERGED]
        else:
            standing.append(event)
    return standing


def _moment(event: Event) -> Moment | None:
    if event.kind == MERGED:
        return Moment(event.at, What.CANCELLED)
    if event.kind in _MOMENTS:
        return Moment(event.at, What(event.kind))
    severity = event.after.get("severity")
    if event.kind.startswith("severity_") and severity is not None:
        from_now = event.after.get("from") == FROM_NOW
        return Moment(event.at, What.TRIAGED, str(severity), from_now=from_now)
    return None
