"""Slack itself: the workspace, its clock, and who is told when something happens in it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, Protocol

from bot.clock import Clock
from bot.sandbox import events
from bot.sandbox.envelopes import Ack
from bot.sandbox.message_bodies import message_body
from bot.sandbox.records import Channel, Json, Message, View
from bot.sandbox.timestamps import Timestamps
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

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

    def __init__(self, clock: Clock, workspace: Workspace, delivery: Delivery) -> None:
        self.clock = clock
        self.workspace = workspace
        self.views = Views(workspace)
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
        before = message_body(self.workspace, message, with_metadata=True)
        for name, value in changes.items():
            setattr(message, name, value)
        message.edits += 1
        event_ts = self.next_ts(message.channel)
        if not message.blocks:
            message.edited = {"user": by, "ts": event_ts}
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

    def emit(self, event: Json, channel: Channel | None = None) -> None:
        """Send an event, unless it happened where the bot is not."""
        if channel is None or self.workspace.bot.user_id in channel.members:
            body = events.event_callback(self.workspace, event, self.clock.now(), channel)
            self.delivery.deliver_event(body)

    def tell_watchers(self, what: Message | View, kind: Watched) -> None:
        for watcher in self._watchers:
            watcher(what, kind)
