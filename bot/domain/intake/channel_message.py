"""Messages in clients' channels, as Slack delivered them and as they are stored."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.ticket import Side
from bot.slack_ts import MessageTs

ANNOUNCED = "check_file_info:"


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """A message that a person wrote in a channel, as Slack delivered it. `text` is raw.

    Slack gives no name for a file of another workspace: `ANNOUNCED` followed by its file ID is used
    instead.
    """

    channel_id: ChannelId
    ts: MessageTs
    thread_ts: MessageTs | None  # None at top level
    user_id: UserId
    text: str
    file_names: tuple[str, ...] = ()
    client_msg_id: str | None = None
    to_the_desk: bool = False  # whether it mentions the bot


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deleted message; `before` is the message itself, if Slack gave it."""

    channel_id: ChannelId
    ts: MessageTs
    deleted_at: datetime
    before: ChannelMessage | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A stored message, with its text since `since_ts`: its own `ts`, or the `ts` of its last edit.

    After a deletion only a stub is left.
    """

    message: ChannelMessage
    side: Side | None
    ticket_id: TicketId | None
    since_ts: MessageTs
    deleted: bool


@dataclass(frozen=True, slots=True)
class Written:
    """The author and the Slack `ts` of a stored message, and the ticket that it belongs to."""

    user_id: UserId
    ts: MessageTs
    ticket_id: TicketId | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The stored state of a message, for a comparison with Slack's history.

    `since_ts` is when its current text was written. `is_new` is true if it arrived so recently that
    Slack's history may not show it yet.
    """

    ts: MessageTs
    thread_ts: MessageTs | None
    client_msg_id: str | None
    since_ts: MessageTs
    deleted: bool
    is_new: bool
    in_ticket: bool
