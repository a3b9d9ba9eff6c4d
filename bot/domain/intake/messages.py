"""The messages of the intake: the request card, requests, questions and notices about writing."""

from dataclasses import dataclass
from typing import ClassVar

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class AskCard:
    """The card with the request button in a client's channel."""

    kind: ClassVar[str] = "ask_card"


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """The words of a client who used the request button. The ticket's thread begins here."""

    kind: ClassVar[str] = "asked"
    ticket: TicketId


@dataclass(frozen=True, slots=True)
class WhichTicketQuestion:
    """The question to a staff member which ticket their top-level answer belongs to.

    `channel` and `ts` locate the answer. `tickets` are the choices, each with its key and the
    beginning of its words.
    """

    kind: ClassVar[str] = "which_ticket"
    channel: ChannelId
    ts: MessageTs
    tickets: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WhereToWrite:
    """The notice that a plan has no support in Slack, and where the client writes instead."""

    kind: ClassVar[str] = "where_to_write"
    catalog_version_id: int
    plan_id: str


@dataclass(frozen=True, slots=True)
class AgreementEnded:
    """The notice to a client who writes after the end of their agreement."""

    kind: ClassVar[str] = "agreement_ended"


@dataclass(frozen=True, slots=True)
class DeletedMessageNote:
    """The note in triage that a message of the ticket was deleted.

    `by` is its author, None if Slack did not name the author.
    """

    kind: ClassVar[str] = "deleted"
    ticket: TicketId
    by: UserId | None


IntakeMessage = (
    AskCard
    | ClientRequest
    | WhichTicketQuestion
    | WhereToWrite
    | AgreementEnded
    | DeletedMessageNote
)
