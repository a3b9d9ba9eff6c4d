"""Slack's server: changes to the workspace, and the events and notices that they cause."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.address import Address
from bot.sandbox.clock import Clock
from bot.sandbox.events import callbacks, message_events
from bot.sandbox.events.message_bodies import message_body
from bot.sandbox.json_types import Json
from bot.sandbox.rate_limits import Limits
from bot.sandbox.transports.protocols import Delivery
from bot.sandbox.workspace.files import Uploads, change_channel_id
from bot.sandbox.workspace.records import Channel, Message, View
from bot.sandbox.workspace.response_urls import ResponseUrls
from bot.sandbox.workspace.rights import Rights
from bot.sandbox.workspace.state import Workspace
from bot.sandbox.workspace.timestamps import Timestamps
from bot.sandbox.workspace.triggers import Triggers
from bot.sandbox.workspace.views import Views

Watched = Literal["posted", "edited", "deleted", "ephemeral", "view"]
Watcher = Callable[[Any, Watched], None]


class Slack:
    """Applies changes of the Web API and of people, and sends the events that follow from them."""

    def __init__(
        self,
        clock: Clock,
        workspace: Workspace,
        delivery: Delivery,
        rights: Rights,
        *,
        address: Address,
        limits: Limits | None,
    ) -> None:
        self.clock = clock
        self.rights = rights
        self.workspace = workspace
        self.address = address
        self._limits = limits
        self.views = Views(workspace)
        self.uploads = Uploads(workspace)
        self.triggers = Triggers()
        self.response_urls = ResponseUrls()
        self._timestamps = Timestamps()
        self.delivery = delivery
        self._watchers: list[Watcher] = []

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher` with each message or view that is shown, changed or removed."""
        self._watchers.append(watcher)

    def next_ts(self, channel: str, at: datetime | None = None) -> str:
        """Return an unused `ts` in the channel, for now or for the instant `at`."""
        return self._timestamps.next(channel, at or self.clock.now())

    def post(self, message: Message) -> Message:
        """Show a message, and send its events to the app if the bot is a member of the channel."""
        self.workspace.keep(message)
        if message.ephemeral_to is not None:
            self.notify_watchers(message, "ephemeral")
            return message
        self.notify_watchers(message, "posted")
        channel = self.workspace.channels[message.channel]
        self.emit(message_events.posted(self.workspace, channel, message), channel)
        if not message.bot_id and f"<@{self.workspace.bot.user_id}>" in message.text:
            self.emit(message_events.mentioned(self.workspace, channel, message), channel)
        return message

    def edit(self, message: Message, by: str, **changes: Any) -> None:
        """Edit a message and send the event.

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
        """Change a message without an edit, as a link preview does, and send the event."""
        self._change(message, self.next_ts(message.channel), changes)

    def _change(self, message: Message, event_ts: str, changes: Json) -> None:
        before = message_body(self.workspace, message, with_metadata=True)
        for name, value in changes.items():
            setattr(message, name, value)
        self.notify_watchers(message, "edited")
        channel = self.workspace.channels[message.channel]
        if message.ephemeral_to is None:
            event = message_events.changed(self.workspace, channel, message, before, event_ts)
            self.emit(event, channel)

    def delete(self, message: Message) -> None:
        """Delete a message and send the event."""
        before = message_body(self.workspace, message, with_metadata=True)
        message.deleted = True
        self.notify_watchers(message, "deleted")
        channel = self.workspace.channels[message.channel]
        if message.ephemeral_to is None:
            event_ts = self.next_ts(message.channel)
            self.emit(message_events.deleted(channel, message, before, event_ts), channel)

    def react(self, message: Message, user: str, name: str, *, add: bool) -> None:
        """Add or remove a reaction and send the event."""
        users = message.reactions.setdefault(name, [])
        users.append(user) if add else users.remove(user)
        kind = "reaction_added" if add else "reaction_removed"
        event = message_events.reacted(kind, user, name, message, self.next_ts(message.channel))
        self.emit(event, self.workspace.channels[message.channel])

    def change_channel_id(self, channel: Channel, new: str) -> None:
        """Move messages, timestamps, files and response URLs of a channel to its new ID."""
        old = channel.channel_id
        self.workspace.change_channel_id(channel, new)
        self._timestamps.change_channel_id(old, new)
        for file in self.workspace.files.values():
            change_channel_id(file, old, new)
        self.response_urls.change_channel_id(old, new)

    def emit(
        self, event: Json, channel: Channel | None = None, *, though_outside: bool = False
    ) -> None:
        """Send an event if the app subscribes to it and the bot is a member of the channel.

        With `though_outside` the membership does not matter.
        """
        if not self.rights.hears(event, channel):
            return
        is_member = channel is None or self.workspace.bot.user_id in channel.members
        if is_member or though_outside:
            body = callbacks.event_callback(self.workspace, event, self.clock.now(), channel)
            self._deliver(body)

    def _deliver(self, body: Json) -> None:
        """Deliver an event, or `app_rate_limited` beyond the limit of 30,000 events an hour."""
        if self._limits is None or self._limits.admits_event():
            self.delivery.deliver_event(body)
        elif self._limits.reports_event_limit():
            self.delivery.deliver_event(callbacks.rate_limited(self.workspace, self.clock.now()))

    def notify_watchers(self, shown: Message | View, kind: Watched) -> None:
        for watcher in self._watchers:
            watcher(shown, kind)
