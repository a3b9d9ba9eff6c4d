"""The messages that the outbox sends: a class for each kind, in the module of its wing."""

from dataclasses import dataclass

from bot.domain.agreements.messages import AgreementMessage
from bot.domain.destinations import Destination
from bot.domain.escalation.messages import Page, PingMessage, Reminder
from bot.domain.ids import TicketId
from bot.domain.intake.messages import ClientRequest, DeletedMessageNote, IntakeMessage
from bot.domain.operations.messages import AlarmMessage, UnreadableMessage, Withdrawal
from bot.domain.reports.messages import ReportMessage
from bot.domain.tickets.messages import CardMessage, ClosingMessage, HandlingMessage

# The messages that are posted in Slack.
Post = (
    CardMessage
    | HandlingMessage
    | ClosingMessage
    | IntakeMessage
    | AgreementMessage
    | ReportMessage
    | Reminder
    | AlarmMessage
)
Message = Post | Page | Withdrawal

# The messages about a single ticket; each names it in its field `ticket`.
TicketMessage = (
    CardMessage
    | HandlingMessage
    | ClosingMessage
    | ClientRequest
    | DeletedMessageNote
    | PingMessage
    | Page
    | UnreadableMessage
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message with its destination.

    `key` is the idempotency key: messages with the same key are sent once. `message` is an
    UnreadableMessage only if it was read from the store.
    """

    key: str
    destination: Destination
    message: Message | UnreadableMessage

    @property
    def ticket_id(self) -> TicketId | None:
        """Return the ticket that the message is about; None if it is about none, or several."""
        return self.message.ticket if isinstance(self.message, TicketMessage) else None

    @property
    def address(self) -> str:
        """Return the Slack channel ID or user ID of the destination, or the name of the pagers."""
        return self.destination.address
