"""Refusals about actions on tickets."""

from dataclasses import dataclass
from enum import StrEnum, auto

from bot.domain.sla.refusals import NoSuchTime
from bot.domain.ticket import Source, TicketState
from bot.errors import Refusal


class Action(StrEnum):
    """The actions that need an open ticket."""

    ANSWER = auto()
    ASSIGN = auto()
    CANCEL = auto()
    MERGE = auto()
    RESOLVE = auto()
    SET_SEVERITY = auto()
    SNOOZE = auto()
    TAKE = auto()
    WAIT = auto()


class Reason(StrEnum):
    """The commands that need a reason."""

    FAULT = auto()
    WAIVER = auto()


@dataclass(eq=False)
class NoSuchTicket(Refusal):
    """No ticket has the key, or the ticket belongs to another client.

    The sentence is the same in both cases, so that nobody learns which tickets other clients have.
    `similar` are keys of open tickets, for staff only.
    """

    key: str
    similar: tuple[str, ...] = ()


@dataclass(eq=False)
class TicketNotOpen(Refusal):
    """The ticket is closed, and the action needs an open ticket."""

    key: str
    state: TicketState
    action: Action


@dataclass(eq=False)
class TicketOpenAlready(Refusal):
    """The ticket to reopen is open."""

    key: str


@dataclass(eq=False)
class TicketTaken(Refusal):
    """Another person, a Slack user ID, is the ticket's assignee."""

    by: str
    key: str

    @property
    def people(self) -> tuple[str, ...]:
        return (self.by,)


@dataclass(eq=False)
class TicketChangedHands(Refusal):
    """The assignee is no longer the person whom the card showed; None means nobody."""

    key: str
    assignee: str | None

    @property
    def people(self) -> tuple[str, ...]:
        return (self.assignee,) if self.assignee else ()


@dataclass(eq=False)
class AssigneeNotStaff(Refusal):
    """The person to assign, a Slack user ID, is not on the staff."""

    user_id: str

    @property
    def people(self) -> tuple[str, ...]:
        return (self.user_id,)


@dataclass(eq=False)
class NoteMissing(Refusal):
    """The note has no words."""

    key: str


@dataclass(eq=False)
class TooLong(Refusal):
    """The words have `over` characters more than `limit`."""

    over: int
    limit: int


@dataclass(eq=False)
class WaitsAlready(Refusal):
    """The ticket already waits on the client."""

    key: str


@dataclass(eq=False)
class DoesNotWait(Refusal):
    """The ticket does not wait on the client."""

    key: str


@dataclass(eq=False)
class CameElsewhere(Refusal):
    """The ticket was reported outside Slack, so that it cannot be answered there."""

    key: str
    source: Source


class AnswerMissing(Refusal):
    """The answer has no words."""


@dataclass(eq=False)
class AnswerTooEarly(NoSuchTime):
    """The answer is recorded as given before the ticket was reported."""

    key: str


@dataclass(eq=False)
class AnswerTooLong(Refusal):
    """The answer has `over` characters more than a dialog of Slack can hold."""

    over: int


@dataclass(eq=False)
class NamesAnotherClient(Refusal):
    """Words for the client `own` name the client `other`."""

    other: str
    own: str


@dataclass(eq=False)
class OnlyTheClientRates(Refusal):
    """A staff member tried to rate a ticket."""

    key: str


@dataclass(eq=False)
class NotResolved(Refusal):
    """The ticket to rate is not resolved."""

    key: str
    state: TicketState


@dataclass(eq=False)
class NoSuchRating(Refusal):
    """The rating is not a number from 1 to `best`."""

    best: int


@dataclass(eq=False)
class MergedTicketContinues(Refusal):
    """The client cannot reopen the ticket: it was merged into another."""

    key: str
    merged_into: str


@dataclass(eq=False)
class AnotherClientsTarget(Refusal):
    """The ticket to merge into is not of the same client.

    `client` is the key of the right client.
    """

    key: str
    client: str


@dataclass(eq=False)
class MergedIntoItself(Refusal):
    """The ticket to merge into is the ticket itself."""

    key: str


@dataclass(eq=False)
class MergeTargetClosed(Refusal):
    """The ticket to merge into is closed."""

    key: str
    state: TicketState
    merged_into: str | None


@dataclass(eq=False)
class DueSooner(Refusal):
    """The ticket is due before the ticket to merge into."""

    key: str
    target: str


@dataclass(eq=False)
class NothingToMergeInto(Refusal):
    """The client has no other open ticket."""

    client: str


@dataclass(eq=False)
class MergeTargetMissing(Refusal):
    """The command does not say into which ticket to merge."""

    key: str


@dataclass(eq=False)
class OnlyTheClientWithdraws(Refusal):
    """A staff member tried to withdraw a ticket."""

    key: str


@dataclass(eq=False)
class AnsweredAlready(Refusal):
    """The ticket has been answered, so it cannot be dismissed as none."""

    key: str


@dataclass(eq=False)
class NoSeverityYet(Refusal):
    """The ticket to resolve has no severity."""

    key: str


class ResolutionMissing(Refusal):
    """The resolution has no words."""


@dataclass(eq=False)
class NothingToWaive(Refusal):
    """The ticket does not count against the quota."""

    key: str


@dataclass(eq=False)
class ReasonMissing(Refusal):
    """The command gives no reason."""

    key: str
    reason: Reason


@dataclass(eq=False)
class SeverityMissing(Refusal):
    """The command names no severity."""

    key: str


@dataclass(eq=False)
class SeverityChanged(Refusal):
    """Somebody has changed the severity since it was shown.

    `label` is None if the ticket has none now.
    """

    key: str
    label: str | None


@dataclass(eq=False)
class NoSuchSeverity(Refusal):
    """The plan has no severity with this ID. `known` are the IDs of its severities."""

    plan: str
    severity: str
    known: tuple[str, ...]


@dataclass(eq=False)
class CategoryMissing(Refusal):
    """The command names no category."""

    key: str


@dataclass(eq=False)
class NoSuchCategory(Refusal):
    """The plan has no category with this ID. `known` are the IDs of its categories."""

    plan: str
    category: str
    known: tuple[str, ...]


@dataclass(eq=False)
class NothingBreached(Refusal):
    """The ticket has breached no target."""

    key: str


class NoSuchCause(Refusal):
    """The words do not name a cause of a breach."""


@dataclass(eq=False)
class WakeTimeMissing(Refusal):
    """The command does not say until when the ticket is snoozed."""

    key: str


class NoOpenTicket(Refusal):
    """No ticket is open to which the message could be added."""
