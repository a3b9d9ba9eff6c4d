"""Claimed outbox rows."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.messages import Outgoing
from bot.slack_ts import MessageTs


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A claimed message of the outbox.

    `doubtful` is true if an earlier attempt may have reached Slack. `claim` numbers the claims of
    this message: an outcome is stored only while its claim is the latest. `mark` is hidden metadata
    of the message in Slack. It is not the key, because a client's apps may read it and the key
    contains ticket numbers that run over all clients.
    """

    id: int
    claim: int
    mark: str
    outgoing: Outgoing
    created_at: datetime
    lease_until: datetime  # from then on another worker may claim it
    attempts: int
    doubtful: bool
    looked: int  # failed look-ups of a doubtful message
    thread_ts: MessageTs | None
    sent_channel: str | None  # its channel in Slack, once it is sent
    sent_ts: MessageTs | None  # None for a page and for an uploaded file as well

    @property
    def is_sent(self) -> bool:
        """Return whether the message was sent before, so that it is only updated now."""
        return self.sent_channel is not None
