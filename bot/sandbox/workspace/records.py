"""The records of a workspace: teams, people, channels, messages, views, calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.block_kit.visible_text import visible_text
from bot.sandbox.json_types import Json


@dataclass(frozen=True)
class Team:
    """A workspace: ours, or a client's that shares channels with ours."""

    team_id: str
    name: str
    domain: str
    enterprise_id: str | None = None


@dataclass(frozen=True)
class User:
    """A person or the bot. `team_id` is the workspace to which they belong."""

    user_id: str
    name: str
    team_id: str
    is_bot: bool = False
    is_deleted: bool = False


@dataclass(frozen=True)
class App:
    """An app: ours, or another app of our workspace or of a client's."""

    bot_id: str
    app_id: str
    user_id: str
    name: str
    team_id: str


@dataclass
class Channel:
    """A public or private channel, or the direct messages between the bot and a person."""

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
        """The `channel_type` of the Events API."""
        if self.direct_with:
            return "im"
        return "group" if self.is_private else "channel"


@dataclass
class Message:
    """A message in its current state. A deleted message keeps its last text."""

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
        """Whether Slack itself wrote the message about the channel, such as `channel_join`."""
        return bool(self.subtype) and str(self.subtype).startswith(("channel_", "group_"))

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether the channel itself shows the message: no reply, or a reply also sent to it."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def plain(self) -> str:
        """Return the visible text: username, text, blocks, attachments and names of files."""
        names = [
            {"text": file.get("title") or file.get("name"), "alt_text": file.get("alt_txt", "")}
            for file in self.files
        ]
        parts = (self.username, self.text, self.blocks, self.attachments, names)
        return "\n".join(word for part in parts for word in visible_text(part))


@dataclass
class View:
    """A modal or an App Home as the person sees it. `hash` changes with each update."""

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
        """Return the visible text."""
        parts = (self.definition.get(name) for name in ("title", "blocks", "submit", "close"))
        return "\n".join(word for part in parts for word in visible_text(part))


@dataclass(frozen=True)
class Call:
    """A call of the Web API.

    `error` is the error in the answer, or the name of the fault that took effect. `ok` is False
    also if the app received no answer. `acted` is whether the method ran.
    """

    method: str
    args: Mapping[str, Any]
    ok: bool
    error: str | None
    at: datetime
    acted: bool = True


@dataclass(frozen=True)
class Interaction:
    """The result of a press, a command or a submission.

    `error` is the error that Slack shows to the person if the app did not answer:
    `operation_timeout`, or `dispatch_failed` if no app was connected. `errors` are the errors in
    the answer to a submission, by `block_id`.
    """

    acked: bool
    ack_payload: Json = field(default_factory=dict)
    error: str | None = None
    trigger_id: str = ""

    @property
    def errors(self) -> Json:
        errors: Json = self.ack_payload.get("errors", {})
        return errors
