"""What people write: messages, files, edits, deletions, reactions."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.sandbox.answers import ImpossibleError
from bot.sandbox.files import file_body, show
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.stage import Stage


class Writing(Stage):
    """Each deed returns when Slack has taken it, not when the app has acted on it."""

    async def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        at: datetime | None = None,
        broadcast: bool = False,
        me: bool = False,
        client_msg_id: str | None = None,
    ) -> str:
        """Write a message and get its `ts`; `at` lets it have been written earlier.

        `files` are mappings with at least a `name`, and perhaps a `content` in bytes.
        `broadcast` sends a reply to the channel too; `me` is what `/me` writes. The same
        `client_msg_id` makes it the same gesture as another message.
        """
        place = self._writable(user, channel)
        if thread_ts is not None:
            self._insist_on_thread(channel, thread_ts)
        message = Message(
            channel,
            self._slack.next_ts(channel, at),
            text,
            thread_ts=thread_ts,
            user=user,
            client_msg_id=client_msg_id or str(uuid4()),
        )
        message.files = [self._upload(place, message, each) for each in files]
        message.subtype = _subtype(message, broadcast=broadcast, me=me)
        self._slack.post(message)
        await asyncio.sleep(0)
        return message.ts

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        self._slack.edit(self._own(user, channel, ts), user, text=text)
        await asyncio.sleep(0)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Take one's own message away."""
        self._slack.delete(self._own(user, channel, ts))
        await asyncio.sleep(0)

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put an emoji on a message, by its name without colons."""
        self._writable(user, channel)
        message = self._standing(channel, ts)
        if user in message.reactions.get(name, []):
            raise ImpossibleError(f"{user} has already put :{name}: on this message")
        self._slack.react(message, user, name, add=True)
        await asyncio.sleep(0)

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Take one's own emoji off a message again."""
        message = self._standing(channel, ts)
        if user not in message.reactions.get(name, []):
            raise ImpossibleError(f"{user} has put no :{name}: on this message")
        self._slack.react(message, user, name, add=False)
        await asyncio.sleep(0)

    def _writable(self, user: str, channel: str) -> Channel:
        person, place = self._workspace.user(user), self._workspace.channel(channel)
        if user not in place.members:
            raise ImpossibleError(f"{person.name} is not in #{place.name}: let them join first")
        if place.is_archived:
            raise ImpossibleError(f"#{place.name} is archived and takes nothing new")
        return place

    def _insist_on_thread(self, channel: str, thread_ts: str) -> None:
        parent = self._workspace.find(channel, thread_ts)
        if parent is None and not self._workspace.replies(channel, thread_ts):
            raise ImpossibleError(f"there is no thread {thread_ts} in {channel} to answer in")
        if parent is not None and parent.is_reply:
            raise ImpossibleError(f"{thread_ts} is itself a reply: answer in {parent.thread_ts}")

    def _standing(self, channel: str, ts: str) -> Message:
        message = self._workspace.find(channel, ts)
        if message is None:
            raise ImpossibleError(f"there is no message {ts} in {channel}")
        return message

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self._standing(channel, ts)
        if message.user != user:
            raise ImpossibleError(f"{ts} was written by {message.user}, not by {user}")
        return message

    def _upload(self, channel: Channel, message: Message, given: Mapping[str, Any]) -> Json:
        file_id, second = self._workspace.mint("F"), int(float(message.ts))
        file = file_body(
            self._workspace,
            file_id,
            str(given["name"]),
            user=str(message.user),
            second=second,
            origin=self.origin,
        )
        content: bytes = given.get("content", b"")
        file["size"] = len(content)
        file |= {key: value for key, value in given.items() if key != "content"}
        self._workspace.files[file_id] = file
        self._workspace.contents[file_id] = content
        show(file, channel, message)
        return file


def _subtype(message: Message, *, broadcast: bool, me: bool) -> str | None:
    if message.files:
        return "file_share"
    if me:
        return "me_message"
    return "thread_broadcast" if broadcast and message.is_reply else None
