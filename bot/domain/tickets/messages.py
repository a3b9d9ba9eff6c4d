"""The messages about a ticket: its cards, its handling, its triage and its end."""

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.ids import TicketId, UserId
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class ClientCard:
    """The ticket's card in the client's thread."""

    kind: ClassVar[str] = "client_card"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class TriageCard:
    """The ticket's card in the triage channel."""

    kind: ClassVar[str] = "triage_card"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class MirroredMessages:
    """The copy in triage of a client's messages within a minute.

    The copy contains the person's messages with a Slack `ts` in `[since, until)`. The words are
    read when the copy is made. `by` is None in rows of old releases, which name a single message.
    """

    kind: ClassVar[str] = "mirror"
    ticket: TicketId
    by: UserId | None
    since: MessageTs
    until: MessageTs


@dataclass(frozen=True, slots=True)
class TicketAssigned:
    """The notice to the new or the former assignee (`reader`) that `by` assigned a ticket `to` a
    person."""

    kind: ClassVar[str] = "handed"
    ticket: TicketId
    by: UserId
    to: UserId
    reader: UserId


@dataclass(frozen=True, slots=True)
class TicketWoken:
    """The reminder of a ticket whose snooze has ended."""

    kind: ClassVar[str] = "woken"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class NoteMessage:
    """An internal note by staff, in the ticket's thread in triage."""

    kind: ClassVar[str] = "note"
    ticket: TicketId
    by: UserId
    words: str


@dataclass(frozen=True, slots=True)
class ReplyMessage:
    """An answer to the client, posted in the engineer's `name`, or in the app's name if None."""

    kind: ClassVar[str] = "reply"
    ticket: TicketId
    by: UserId
    name: str | None
    words: str


@dataclass(frozen=True, slots=True)
class NotCoveredNote:
    """The note to the client that the plan does not cover the ticket's category."""

    kind: ClassVar[str] = "not_covered"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class ResolutionNote:
    """The words for the client about what was done, which resolve the ticket."""

    kind: ClassVar[str] = "resolution"
    ticket: TicketId
    by: UserId


@dataclass(frozen=True, slots=True)
class ResolvedByAnother:
    """The notice to the assignee that `by`, another person, resolved the ticket."""

    kind: ClassVar[str] = "ended"
    ticket: TicketId
    by: UserId


@dataclass(frozen=True, slots=True)
class ReopenedNote:
    """The note to the client that the ticket is open again."""

    kind: ClassVar[str] = "reopened"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class MergedNote:
    """The note to the client that the ticket continues as part of another ticket."""

    kind: ClassVar[str] = "merged"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class JoinedNote:
    """The note under the other ticket's triage card that `by` merged this ticket into it."""

    kind: ClassVar[str] = "joined"
    ticket: TicketId
    by: UserId


CardMessage = ClientCard | TriageCard | MirroredMessages
HandlingMessage = TicketAssigned | TicketWoken | NoteMessage | ReplyMessage | NotCoveredNote
ClosingMessage = ResolutionNote | ResolvedByAnother | ReopenedNote | MergedNote | JoinedNote
