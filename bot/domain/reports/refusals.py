"""Refusals about digests and subscriptions."""

from dataclasses import dataclass

from bot.errors import Refusal


class ReadByOthers(Refusal):
    """People outside the vendor's workspace can read the channel."""


class NotInChannel(Refusal):
    """The desk is not a member of the channel."""


class ChannelUnknown(Refusal):
    """Slack did not describe the channel."""


@dataclass(eq=False)
class NoSuchSubject(Refusal):
    """The words name neither a client nor a plan. `known` are the keys and plan IDs."""

    words: str
    known: tuple[str, ...]


@dataclass(eq=False)
class NoSuchDays(Refusal):
    """The words do not name days that a report of the `command` covers."""

    command: str
    days: tuple[str, ...]
