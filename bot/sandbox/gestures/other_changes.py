"""Changes that Slack itself and other apps make to messages, none of which is an edit."""

import asyncio

from bot.sandbox.block_kit.blocks import with_identifiers
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.events import message_events
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.workspace.records import Message


class SlackChanges:
    """Changes by Slack. Each sends `message_changed` without marking the message as `edited`."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._workspace = slack.workspace

    async def unfurl(self, channel: str, ts: str, url: str, title: str = "Example") -> None:
        """Add the preview of a link to a message, as an attachment."""
        message = self._message(channel, ts)
        preview: Json = {"id": len(message.attachments) + 1, "from_url": url, "title": title}
        preview |= {"original_url": url, "title_link": url, "fallback": title}
        self._slack.enrich(message, attachments=[*message.attachments, preview])
        await asyncio.sleep(0)

    async def detect_language(self, channel: str, ts: str, locale: str) -> None:
        """Set the detected language of a message.

        Slack: `message_changed` "can also sometimes be triggered by our automatic language
        detection".
        """
        self._slack.enrich(self._message(channel, ts), language=locale)
        await asyncio.sleep(0)

    async def count_replies(self, channel: str, ts: str) -> None:
        """Update the `reply_count` of the parent of a thread."""
        self._slack.enrich(self._message(channel, ts))
        await asyncio.sleep(0)

    async def tell_of_reply(self, channel: str, ts: str) -> None:
        """Send `message_replied`.

        Slack: "This event is missing the subtype field when dispatched over the Events API".
        """
        place, message = self._workspace.channel(channel), self._message(channel, ts)
        event_ts = self._slack.next_ts(channel)
        event = message_events.replied(self._workspace, place, message, event_ts)
        self._slack.emit(event, place)
        await asyncio.sleep(0)

    def _message(self, channel: str, ts: str) -> Message:
        message = self._workspace.find(channel, ts)
        if message is None:
            raise ImpossibleError(f"there is no message {ts} in {channel}")
        return message


class OtherApps:
    """Apps of our workspace or of another workspace, and their messages."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._workspace = slack.workspace

    def add_app(self, name: str, *, team: str | None = None) -> str:
        """Add an app to our workspace or to `team`, and return the ID of its bot."""
        return self._workspace.add_app(name, team or self._workspace.team.team_id).bot_id

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
        """Post a message of another app and return its `ts`.

        With a `username` the message is a `bot_message` and has no `user`.
        """
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
