"""Refusals about messages, requests, reports and commands."""

from dataclasses import dataclass

from bot.errors import Refusal


@dataclass(eq=False)
class NoClientOfReport(Refusal):
    """The report names a client that does not exist."""

    key: str


class NoClientYet(Refusal):
    """A report cannot be entered, because there is no client."""


class ReportMissing(Refusal):
    """The report has no words."""


@dataclass(eq=False)
class NotOfTheQuestion(Refusal):
    """The ticket is not of the channel in which the answer was written."""

    key: str


@dataclass(eq=False)
class NotOfTheSameClient(Refusal):
    """The ticket is not of the channel in which the message was posted."""

    key: str


@dataclass(eq=False)
class MessageHasTicket(Refusal):
    """The message already belongs to a ticket. `key` is None if the actor may not learn which."""

    key: str | None = None


@dataclass(eq=False)
class NoTicketOpened(Refusal):
    """The client's message opens no ticket, because the `plan` has no support in Slack; None says
    that the agreement has ended."""

    plan: str | None
    channels: tuple[str, ...] = ()


class NotAClientsChannel(Refusal):
    """The command was used in a channel that is not a client's."""


@dataclass(eq=False)
class OnlyClientsAsk(Refusal):
    """A staff member used the command with which clients ask for support."""

    client: str


@dataclass(eq=False)
class NotSupportedInSlack(Refusal):
    """The client's plan does not cover requests in Slack.

    `where_to_write` is the plan's own notice, "" for none.
    """

    where_to_write: str
    channels: tuple[str, ...]


class RequestMissing(Refusal):
    """The request has no words."""


@dataclass(eq=False)
class NoSuchCommand(Refusal):
    """No subcommand of `/desk` has the name. `similar` is a similar name, "" for none."""

    name: str
    similar: str


@dataclass(eq=False)
class TicketNotNamed(Refusal):
    """The subcommand needs the key of a ticket."""

    command: str
