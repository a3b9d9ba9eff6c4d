"""The answers of `/desk subscribe`."""

from collections.abc import Iterable

USAGE = "[CLIENT | PLAN | no]"
MEANING = "let this channel read the morning's digest of one client or plan (managers)"
UNSUBSCRIBED = "This channel reads no digest any more."


def subscriptions(channels: Iterable[tuple[str, str]]) -> str:
    """Return the channels with a digest. `channels` are pairs of channel ID and client or plan."""
    lines = [f"<#{channel_id}>: {about}" for channel_id, about in channels]
    return "\n".join(lines) or (
        "No channel reads a digest of its own: type */desk subscribe CLIENT* in the channel."
    )


def subscribed(about: str) -> str:
    """Return the answer that the channel reads the digest of a client or plan."""
    return f"This channel reads the digest of {about} each morning."
