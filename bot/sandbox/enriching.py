"""What Slack itself does to messages and apps write: `message_changed` tells of it, and no edit."""

import asyncio

from bot.sandbox import events
from bot.sandbox.answers import ImpossibleError
from bot.sandbox.blocks import with_identifiers
from bot.sandbox.records import Json, Message
from bot.sandbox.stage import Stage


class Enriching(Stage):
    """None of these marks the message as `edited`."""

    async def unfurl(self, channel: str, ts: str, url: str, title: str = "Example") -> None:
        """A preview of a link appears under the message, as an attachment."""
        message = self._message(channel, ts)
        preview: Json = {"id": len(message.attachments) + 1, "from_url": url, "title": title}
        preview |= {"original_url": url, "title_link": url, "fallback": title}
        self._slack.enrich(message, attachments=[*message.attachments, preview])
        await asyncio.sleep(0)

    async def detect_language(self, channel: str, ts: str, locale: str) -> None:
        """Slack: `message_changed` "can also sometimes be triggered by our automatic language
        detection"."""
        self._slack.enrich(self._message(channel, ts), language=locale)
        await asyncio.sleep(0)

    async def count_replies(self, channel: str, ts: str) -> None:
        """The thread's first message has another `reply_count`."""
        self._slack.enrich(self._message(channel, ts))
        await asyncio.sleep(0)

    async def tell_of_reply(self, channel: str, ts: str) -> None:
        """`message_replied`, of which Slack says: "This event is missing the subtype field when
        dispatched over the Events API"."""
        place, message = self._workspace.channel(channel), self._message(channel, ts)
        event_ts = self._slack.next_ts(channel)
        self._slack.emit(events.replied(self._workspace, place, message, event_ts), place)
        await asyncio.sleep(0)

    def add_app(self, name: str, *, team: str | None = None) -> str:
        """Another app of our workspace or of another; the id of its bot."""
        return self._workspace.add_app(name, team or self.team_id).bot_id

    async def post_as_app(
        self,
        bot_id: str,
        channel: str,
        text: str = "",
        *,
        blocks: list[Json] | None = None,
        username: str | None = None,
        thread_ts: str | None = None,
    ) -> str:
        """Another app writes; with a `username` it is a `bot_message` that has no `user`."""
        app = self._workspace.apps.get(bot_id)
        if app is None:
            raise ImpossibleError(f"there is no app {bot_id}: add it with add_app first")
        place = self._workspace.channel(channel)
        self._workspace.enter(place, app.user_id)
        message = Message(
            channel,
            self._slack.next_ts(channel),
            text,
            thread_ts=thread_ts,
            user=None if username else app.user_id,
            bot_id=bot_id,
            username=username,
            subtype="bot_message" if username else None,
            blocks=with_identifiers(blocks or []),
        )
        self._slack.post(message)
        await asyncio.sleep(0)
        return message.ts

    def _message(self, channel: str, ts: str) -> Message:
        message = self._workspace.find(channel, ts)
        if message is None:
            raise ImpossibleError(f"there is no message {ts} in {channel}")
        return message
