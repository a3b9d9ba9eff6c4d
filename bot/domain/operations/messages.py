"""The messages that operating the desk needs: alarms, and taking back duplicates."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from bot.domain.ids import TicketId
from bot.domain.operations.alarms import Alarm
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class AlarmMessage:
    """An alarm for the operators."""

    kind: ClassVar[str] = "alarm"
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The deletion of a message that may stand in Slack twice.

    `key` and `mark` identify the message. `ts` is its duplicate, None if the duplicate has to be
    searched for among the messages since the instant `since` (aware, UTC).
    """

    kind: ClassVar[str] = "withdrawal"
    key: str
    mark: str
    ts: MessageTs | None
    since: datetime


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """A message in the store that this release cannot read, for example of a newer release.

    `kind` is the stored kind, and `error` says why it is unreadable.
    """

    kind: str
    ticket: TicketId | None
    error: str
