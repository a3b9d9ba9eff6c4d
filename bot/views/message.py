"""The messages that builders return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that `make` creates when it is sent. `alt` describes a picture for people who cannot
    see it."""

    title: str
    alt: str
    make: Callable[[], bytes]
    ending: str = "png"


@dataclass(frozen=True, slots=True)
class Message:
    """A message for Slack.

    `text` (mrkdwn, 1 to 4,000 characters) appears in notifications and is read by screen readers,
    so it holds the essential facts; `blocks` (at most 50) are the visible content. `username`
    overrides the author's name.
    """

    text: str
    blocks: list[dict[str, Any]]
    username: str | None = None
    to_all: bool = False  # a thread reply that also appears in the channel
    unnamed: tuple[str, ...] = ()  # IDs of files whose names must be requested from Slack
    upload: Upload | None = None  # replaces text and blocks
    # Rebuilds the message with the names of its files, by file ID.
    named: "Callable[[Mapping[str, str]], Message] | None" = None
