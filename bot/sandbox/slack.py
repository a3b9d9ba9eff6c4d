"""Slack itself: the workspace, its clock, and who is told when something happens in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.sandbox import events
from bot.sandbox.envelopes import Ack
from bot.sandbox.files import Uploads, follow
from bot.sandbox.limits import Limits
from bot.sandbox.message_bodies import message_body
from bot.sandbox.records import Channel, Json, Message, View
from bot.sandbox.rights import Rights
from bot.sandbox.timestamps import Timestamps
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace
from bot.time_source import TimeSource

Watched = Literal["posted", "edited", "deleted", "ephemeral", "view"]
Watcher = Callable[[Any, Watched], None]


class Delivery(Protocol):
    """How events reach the app: Socket Mode, or another transport with the same promise."""

    def deliver_event(self, payload: Json) -> None:
        """Take an event and see to it that the app gets it, again if it does not ack."""

    async def ask(self, kind: str, payload: Json) -> Ack:
        """Put a command or an interaction to the app, once, and wait for its ack."""


class Transport(Delivery, Protocol):
    """A way to the app that knows what has not arrived yet."""

    @property
    def undelivered(self) -> int:
        """Events that the app has not acked yet."""

    def redeliver_last(self) -> None:
        """Send the last event again, though it was acked: Slack delivers at least once."""


class Slack:
    """What every method of the Web API and every deed of a person works on."""

    def __init__(
        self,
        clock: TimeSource,
        workspace: Workspace,
        delivery: Delivery,
        rights: Rights,
        *,
        origin: Callable[[], str],
        limits: Limits | None,
    ) -> None:
        self.clock = clock
        self.rights = rights
        self.workspace = workspace
        self.origin = origin
        self._limits = limits
        self.views = Views(workspace)
        self.uploads = Uploads(workspace)
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self._timestamps = Timestamps()
        self.delivery = delivery
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        self._watchers.append(watcher)

    def next_ts(self, channel: str, at: datetime | None = None) -> str:
        return self._timestamps.next(channel, at or self.clock.now())

    def post(self, message: Message) -> Message:
        """Show a message, and tell the app of it when the bot is there."""
        self.workspace.keep(message)
        if message.ephemeral_to is not None:
            self.tell_watchers(message, "ephemeral")
            return message
        self.tell_watchers(message, "posted")
        channel = self.workspace.channels[message.channel]
        self.emit(events.posted(self.workspace, channel, message), channel)
        if not message.bot_id and f"<@{self.workspace.bot.user_id}>" in message.text:
            self.emit(events.mentioned(self.workspace, channel, message), channel)
        return message

    def edit(self, message: Message, by: str, **changes: Any) -> None:
        """Put other words in a message's place, and tell the app.

        Slack: with `blocks` "the `edited` flag will not be displayed on the message".
        """
        event_ts = self.next_ts(message.channel)
        mark = (
            {}
            if changes.get("blocks", message.blocks)
            else {"edited": {"user": by, "ts": event_ts}}
        )
        message.edits += 1
        self._change(message, event_ts, changes | mark)

    def enrich(self, message: Message, **changes: Any) -> None:
        """Change a message in a way that is no edit, and tell the app all the same."""
        self._change(message, self.next_ts(message.channel), changes)

    def _change(self, message: Message, event_ts: str, changes: Json) -> None:
        before = message_body(self.workspace, message, with_metadata=True)
        for name, value in changes.items():
            setattr(message, name, value)
        self.tell_watchers(message, "edited")
        channel = self.workspace.channels[message.channel]
        if message.ephemeral_to is None:
            event = events.changed(self.workspace, channel, message, before, event_ts)
            self.emit(event, channel)

    def delete(self, message: Message) -> None:
        """Take a message away, and tell the app."""
        before = message_body(self.workspace, message, with_metadata=True)
        message.deleted = True
        self.tell_watchers(message, "deleted")
        channel = self.workspace.channels[message.channel]
        if message.ephemeral_to is None:
            event_ts = self.next_ts(message.channel)
            self.emit(events.deleted(channel, message, before, event_ts), channel)

    def react(self, message: Message, user: str, name: str, *, add: bool) -> None:
        """Put a reaction on a message or take it away, and tell the app."""
        users = message.reactions.setdefault(name, [])
        users.append(user) if add else users.remove(user)
        kind = "reaction_added" if add else "reaction_removed"
        event = events.reacted(kind, user, name, message, self.next_ts(message.channel))
        self.emit(event, self.workspace.channels[message.channel])

    def change_channel_id(self, channel: Channel, new: str) -> None:
        """Everything follows to the new id: what was said, what can still be answered."""
        old = channel.channel_id
        self.workspace.change_channel_id(channel, new)
        self._timestamps.follow(old, new)
        for file in self.workspace.files.values():
            follow(file, old, new)
        self.response_urls.follow(old, new)

    def emit(
        self, event: Json, channel: Channel | None = None, *, though_outside: bool = False
    ) -> None:
        """Send an event the app has subscribed to, unless it happened where the bot is not."""
        if not self.rights.hears(event, channel):
            return
        there = channel is None or self.workspace.bot.user_id in channel.members
        if there or though_outside:
            body = events.event_callback(self.workspace, event, self.clock.now(), channel)
            self._deliver(body)

    def _deliver(self, body: Json) -> None:
        """Slack: an event beyond 30,000 an hour is not sent, and `app_rate_limited` says so."""
        if self._limits is None or self._limits.admits_event():
            self.delivery.deliver_event(body)
        elif self._limits.tells_of_limit():
            self.delivery.deliver_event(events.rate_limited(self.workspace, self.clock.now()))

    def tell_watchers(self, what: Message | View, kind: Watched) -> None:
        for watcher in self._watchers:
            watcher(what, kind)
