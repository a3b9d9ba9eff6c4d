"""The places that a message can go to."""

from dataclasses import dataclass

from bot.domain.ids import ChannelId, UserId
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel in Slack."""

    channel_id: ChannelId

    @property
    def address(self) -> str:
        """Return the Slack channel ID."""
        return self.channel_id


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread in a channel that the message at the Slack timestamp `ts` starts."""

    channel_id: ChannelId
    ts: MessageTs

    @property
    def address(self) -> str:
        """Return the Slack channel ID."""
        return self.channel_id


@dataclass(frozen=True, slots=True)
class ThreadUnder:
    """The thread that another message of the outbox starts.

    `key` is the idempotency key of that message. Its `ts` is known once Slack has shown it.
    """

    channel_id: ChannelId
    key: str

    @property
    def address(self) -> str:
        """Return the Slack channel ID."""
        return self.channel_id


@dataclass(frozen=True, slots=True)
class Direct:
    """The direct messages to a person."""

    user_id: UserId

    @property
    def address(self) -> str:
        """Return the Slack user ID."""
        return self.user_id


@dataclass(frozen=True, slots=True)
class Pager:
    """The pagers: phone, WhatsApp, PagerDuty and other services outside Slack."""

    @property
    def address(self) -> str:
        """Return the name of the pagers in idempotency keys and logs."""
        return "pager"


Destination = Channel | Thread | ThreadUnder | Direct | Pager
