"""Ticket events: the entries of a ticket's append-only history, a class for each kind."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.actor import Actor
from bot.domain.ids import TicketId, UserId
from bot.domain.ticket import Side, Source, Ticket, TicketState
from bot.slack_ts import MessageTs

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """The value of a field before and after an event."""

    before: T
    after: T


@dataclass(frozen=True, slots=True)
class TicketChanges:
    """The fields of a ticket that an event changed; None for a field that stayed the same.

    The summary has no place here: the history is permanent, and a client's words must be erasable.
    They are kept with their messages, where a deletion erases them.
    """

    opened_at: Change[datetime] | None = None
    opened_by: Change[str] | None = None
    thread_ts: Change[MessageTs | None] | None = None
    severity: Change[str | None] | None = None
    severity_by: Change[Side | None] | None = None
    state: Change[TicketState] | None = None
    assignee: Change[UserId | None] | None = None
    counted: Change[bool] | None = None
    first_response_at: Change[datetime | None] | None = None
    first_response_by: Change[UserId | None] | None = None
    resolved_at: Change[datetime | None] | None = None
    resolution: Change[str | None] | None = None
    rating: Change[int | None] | None = None
    waiting_since: Change[datetime | None] | None = None
    snoozed_until: Change[datetime | None] | None = None
    found_at: Change[datetime | None] | None = None
    category: Change[str | None] | None = None
    merged_into: Change[str | None] | None = None
    fault: Change[str | None] | None = None
    cause: Change[str | None] | None = None
    cause_words: Change[str | None] | None = None
    taken: Change[bool] | None = None
    waived: Change[str | None] | None = None

    @classmethod
    def between(cls, before: Ticket, after: Ticket) -> "TicketChanges":
        """Return the changes that lead from `before` to `after`."""
        names = (field.name for field in fields(cls))
        pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
        changes: Mapping[str, Any] = {
            name: Change(old, new) for name, (old, new) in pairs.items() if old != new
        }
        return cls(**changes)

    def undone(self, ticket: Ticket) -> Ticket:
        """Return the ticket with the values from before the changes."""
        changes = ((field.name, getattr(self, field.name)) for field in fields(self))
        before: Mapping[str, Any] = {
            name: change.before for name, change in changes if change is not None
        }
        return replace(ticket, **before)


@dataclass(frozen=True, slots=True)
class Opened:
    """The ticket was opened."""

    source: Source


@dataclass(frozen=True, slots=True)
class BeganEarlier:
    """An earlier message arrived late and begins the ticket."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """A staff member wrote where the client can read it."""


@dataclass(frozen=True, slots=True)
class ClientWrote:
    """The client wrote more than a thank-you."""


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """A staff message became the first response."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class SeverityProposed:
    """The client chose the severity, which applies until staff decide."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class SeverityDecided:
    """Staff set the severity: from the opening on, or from the event on (`from_now`)."""

    changes: TicketChanges
    from_now: bool = False


@dataclass(frozen=True, slots=True)
class ProposalNoted:
    """The client proposed a severity after staff had decided; it does not apply."""

    severity: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A staff member assigned the ticket to themselves."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Assigned:
    """A staff member assigned the ticket."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Waiting:
    """Staff began to wait on the client."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Resumed:
    """Staff ended the waiting on the client."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class NoLongerWaiting:
    """The client's message ended the waiting."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Snoozed:
    """A staff member hid the ticket from its assignee's queue for some time."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Woken:
    """The snooze ended."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Categorised:
    """Staff set the category."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class FaultRecorded:
    """Staff recorded that the vendor caused the ticket, or removed that record."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class CauseRecorded:
    """Staff recorded the cause of a breach."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Waived:
    """A manager waived the price, or ended the waiver."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Noted:
    """A staff member added an internal note."""

    words: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A staff member wrote an answer in triage, to be posted in the client's thread."""


@dataclass(frozen=True, slots=True)
class AnswerRecorded:
    """A staff member recorded an answer that was given outside Slack."""

    words: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The ticket continues as part of another ticket."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A merge was undone."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Joined:
    """Another ticket was merged into this ticket; `key` is the key of the other."""

    key: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """Staff resolved the ticket."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Reopened:
    """A closed ticket was reopened."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The ticket ended without a resolution: withdrawn by its client or dismissed by staff."""

    changes: TicketChanges
    how: TicketState


@dataclass(frozen=True, slots=True)
class Rated:
    """The client rated the resolution."""

    changes: TicketChanges


@dataclass(frozen=True, slots=True)
class Breached:
    """A clock missed its due time, which was noticed at `noticed_at` (aware, UTC)."""

    clock: str
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class BreachCorrected:
    """The instant of a recorded breach was moved to an earlier instant."""

    clock: str


@dataclass(frozen=True, slots=True)
class BreachWithdrawn:
    """A recorded breach was taken back: the answer had been in time."""

    clock: str


@dataclass(frozen=True, slots=True)
class Flagged:
    """Somebody put a :ticket: reaction on a message; `message` is the message's Slack `ts`."""

    message: MessageTs


@dataclass(frozen=True, slots=True)
class Edited:
    """A message was edited; `message` is its Slack `ts`, and `since` the `ts` of the edit."""

    message: MessageTs
    since: MessageTs


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was deleted; `message` is the message's Slack `ts`."""

    message: MessageTs


@dataclass(frozen=True, slots=True)
class TimersRepaired:
    """The daily audit restored missing timers."""


# Events that changed fields of the ticket, which they name in `changes`.
ChangeEvent = (
    BeganEarlier
    | FirstResponse
    | SeverityProposed
    | SeverityDecided
    | Taken
    | Assigned
    | Waiting
    | Resumed
    | NoLongerWaiting
    | Snoozed
    | Woken
    | Categorised
    | FaultRecorded
    | CauseRecorded
    | Waived
    | Merged
    | Unmerged
    | Resolved
    | Reopened
    | Cancelled
    | Rated
)

# Events that changed no field of the ticket.
NoteEvent = (
    StaffWrote
    | ClientWrote
    | ProposalNoted
    | Noted
    | Replied
    | AnswerRecorded
    | Joined
    | Breached
    | BreachCorrected
    | BreachWithdrawn
    | Flagged
    | Edited
    | Deleted
    | TimersRepaired
)

TicketEvent = Opened | ChangeEvent | NoteEvent


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event in the history of a ticket, caused by `actor`."""

    ticket_id: TicketId
    at: datetime  # when it happened (aware, UTC), not when it was recorded
    actor: Actor
    event: TicketEvent
