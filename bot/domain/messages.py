"""Messages that the outbox owes."""

from dataclasses import dataclass, field

from bot.json_types import Json


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to send to Slack. `key` is its idempotency key: the same key is never sent twice.

    `channel` is a channel ID, or a user ID for a direct message. `under` is the key of the message
    that starts its thread, if that message is also from the outbox and its `ts` is not known yet.
    """

    key: str
    kind: str
    channel: str
    thread_ts: str | None = None
    under: str | None = None
    ticket_id: int | None = None
    facts: Json = field(default_factory=dict)


PAGER = "pager"  # the channel of messages that go to the pagers instead of Slack
