"""What a workspace is made of: plain records without behaviour of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.visible import visible_words

Json = dict[str, Any]


@dataclass(frozen=True)
class Team:
    """A workspace: ours, or a client's own that shares channels with ours."""

    team_id: str
    name: str
    domain: str
    enterprise_id: str | None = None


@dataclass(frozen=True)
class User:
    """A person or the bot; `team_id` is the workspace they belong to."""

    user_id: str
    name: str
    team_id: str
    is_bot: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class App:
    """An app that can write: ours, or another of the same workspace or of a client's."""

    bot_id: str
    app_id: str
    user_id: str
    name: str
    team_id: str


@dataclass
class Channel:
    """A conversation: a public or private channel, or a direct one between the bot and a person."""

    channel_id: str
    name: str
    team_id: str
    members: set[str] = field(default_factory=set)
    shared_with: str | None = None
    direct_with: str | None = None
    is_private: bool = False
    is_archived: bool = False

    @property
    def kind(self) -> str:
        """What the Events API calls `channel_type`."""
        if self.direct_with:
            return "im"
        return "group" if self.is_private else "channel"


@dataclass
class Message:
    """One message, as it stands now; a deleted one keeps its last words and says `deleted`."""

    channel: str
    ts: str
    text: str = ""
    thread_ts: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str | None = None
    subtype: str | None = None
    edits: int = 0
    edited: Json | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    language: str | None = None

    @property
    def is_note(self) -> bool:
        """Written by Slack itself about the channel, as `channel_join` is."""
        return bool(self.subtype) and str(self.subtype).startswith(("channel_", "group_"))

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Shown in the channel itself: replies are not, unless they were also sent to it."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def plain(self) -> str:
        """Every word that a reader can see, in text, blocks, attachments and names of files."""
        names = [
            {"text": each.get("title") or each.get("name"), "alt_text": each.get("alt_txt", "")}
            for each in self.files
        ]
        parts = (self.username, self.text, self.blocks, self.attachments, names)
        return "\n".join(word for part in parts for word in visible_words(part))


@dataclass
class View:
    """A modal or an App Home as the person sees it; `hash` changes with each update."""

    view_id: str
    user: str
    team_id: str
    definition: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.definition.get("blocks", [])
        return blocks

    @property
    def callback_id(self) -> str:
        return str(self.definition.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.definition.get("private_metadata", ""))

    @property
    def title(self) -> str:
        return str((self.definition.get("title") or {}).get("text", ""))

    def plain(self) -> str:
        """Every word that the person can see in it."""
        parts = (self.definition.get(name) for name in ("title", "blocks", "submit", "close"))
        return "\n".join(word for part in parts for word in visible_words(part))


@dataclass(frozen=True)
class Call:
    """One call of the Web API: `error` is what was answered, also where a fault answered it.

    `ok` is false too where the answer was withheld; `acted` tells whether the method had run.
    """

    method: str
    args: Mapping[str, Any]
    ok: bool
    error: str | None
    at: datetime
    acted: bool = True


@dataclass(frozen=True)
class Interaction:
    """What came of a press, a command or a submission.

    `error` is what Slack shows the person when the app did not answer: `operation_timeout`, or
    `dispatch_failed` when no app was connected. `errors` are the ones a submission was answered
    with, by `block_id`.
    """

    acked: bool
    ack_payload: Json = field(default_factory=dict)
    error: str | None = None
    trigger_id: str = ""

    @property
    def errors(self) -> Json:
        found: Json = self.ack_payload.get("errors", {})
        return found
