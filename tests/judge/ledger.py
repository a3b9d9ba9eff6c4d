"""Records people's actions, in order, and the times at which the desk was at rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.sandbox import Message, Sandbox, View
from bot.sandbox.slack import Watched
from bot.slack_ts import MessageTs


@dataclass(frozen=True)
class Terms:
    """A client: its channel and its agreement."""

    key: str
    name: str
    channel: str  # "" for a client that is not in Slack
    catalog: Path
    plan: str
    engineer: str | None = None
    join_minutes: int = 5


@dataclass(frozen=True)
class Post:
    """A message that a person wrote in a client's channel."""

    at: datetime
    channel: str
    ts: str
    thread_ts: str | None
    by: str
    text: str
    has_file: bool = False


@dataclass(frozen=True)
class Deed:
    """An action on a ticket that a person took by button, menu or dialog and that was acknowledged.

    The ticket is named by the message that opened it, as `CHANNEL:TS`, or by `report:N`.
    """

    at: datetime
    by: str
    what: str
    ticket: str
    value: str = ""
    shown_at: datetime | None = None  # the `ts` of the person's words, if they are shown


@dataclass(frozen=True)
class Rest:
    """The desk is at rest: deliveries are handled, due timers have fired, the outbox is empty."""

    at: datetime


@dataclass(frozen=True)
class Look:
    """The desk was running and not at rest, so it may have looked for due timers."""

    at: datetime


Entry = Post | Deed | Rest | Look


@dataclass
class Ledger:
    """Is filled while the story runs. `staff` are Slack user IDs."""

    terms: list[Terms]
    staff: set[str]
    triage: str
    managers: str
    digest_at: str | None = (
        None  # "09:00", local time in the desk's zone; None if no digest is expected
    )
    zone: str = "Asia/Karachi"
    entries: list[Entry] = field(default_factory=list)

    def keep(self, sandbox: Sandbox) -> None:
        """Record every message of a person from now on."""
        sandbox.watch(self._watch)

    def _watch(self, what: Message | View, kind: Watched) -> None:
        if not isinstance(what, Message) or kind != "posted" or what.is_note:
            return
        if what.bot_id or not what.user:
            return
        root = what.thread_ts if what.thread_ts != what.ts else None
        where, at = what.channel, MessageTs.parse(what.ts).instant
        if self.client_of(where):
            has_file = bool(what.files)
            self.entries.append(Post(at, where, what.ts, root, what.user, what.text, has_file))

    def client_of(self, channel: str) -> Terms | None:
        return next(
            (
                client_terms
                for client_terms in self.terms
                if client_terms.channel and client_terms.channel == channel
            ),
            None,
        )

    def client(self, key: str) -> Terms:
        return next(client_terms for client_terms in self.terms if client_terms.key == key)

    @property
    def posts(self) -> Iterator[Post]:
        return (entry for entry in self.entries if isinstance(entry, Post))
