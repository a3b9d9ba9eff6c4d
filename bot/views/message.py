"""What a builder hands over: one message, ready to be posted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is made when it is sent; of a picture, with the words for whoever does not see it
    (`alt`)."""

    title: str
    alt: str
    make: Callable[[], bytes]
    ending: str = "png"


@dataclass(frozen=True, slots=True)
class Message:
    """A message for Slack. `text` (mrkdwn, 1 to 4,000 characters) is what notifications and
    screen readers say, so it holds the essential; `blocks` (at most 50) are what is shown.
    `username` is shown as the author where it is given."""

    text: str
    blocks: list[dict[str, Any]]
    username: str | None = None
    to_all: bool = False  # of a thread: its whole channel sees it, too
    unnamed: tuple[str, ...] = ()  # the IDs of files whose names are still to be asked
    upload: Upload | None = None  # in the place of text and blocks
    named: "Callable[[Mapping[str, str]], Message] | None" = None  # the message with these, by ID
