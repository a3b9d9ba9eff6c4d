"""Messages, files, edits, deletions and reactions of people."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.sandbox.address import Address
from bot.sandbox.errors import ImpossibleError
from bot.sandbox.json_types import Json
from bot.sandbox.slack import Slack
from bot.sandbox.workspace.files import file_body, show
from bot.sandbox.workspace.records import Channel, Message


class Messages:
    """The messages of people. Each method returns before the app has handled the event."""

    def __init__(self, slack: Slack, address: Address) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._address = address

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
        """Post a message and return its `ts`, which is the time `at` if given.

        Each file is a mapping with a `name` and perhaps `content` in bytes. `broadcast` also sends
        a reply to the channel, `me` posts as `/me` does. Two messages with the same
        `client_msg_id` come from the same gesture.
        """
        place = self._writable(user, channel)
        if thread_ts is not None:
            self._check_thread(channel, thread_ts)
        message = Message(
            channel,
            self._slack.next_ts(channel, at),
            text,
            thread_ts=thread_ts,
            user=user,
            client_msg_id=client_msg_id or str(uuid4()),
        )
        message.files = [self._upload(place, message, file) for file in files]
        message.subtype = _subtype(message, broadcast=broadcast, me=me)
        self._slack.post(message)
        await asyncio.sleep(0)
        return message.ts

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Edit a message of the person."""
        self._slack.edit(self._own(user, channel, ts), user, text=text)
        await asyncio.sleep(0)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete a message of the person."""
        self._slack.delete(self._own(user, channel, ts))
        await asyncio.sleep(0)

    async def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Add a reaction. `name` is the name of the emoji without colons."""
        self._writable(user, channel)
        message = self._existing(channel, ts)
        if user in message.reactions.get(name, []):
            raise ImpossibleError(f"{user} has already put :{name}: on this message")
        self._slack.react(message, user, name, add=True)
        await asyncio.sleep(0)

    async def unreact(self, user: str, channel: str, ts: str, name: str) -> None:
        """Remove a reaction of the person."""
        message = self._existing(channel, ts)
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

    def _check_thread(self, channel: str, thread_ts: str) -> None:
        parent = self._workspace.find(channel, thread_ts)
        if parent is None and not self._workspace.replies(channel, thread_ts):
            raise ImpossibleError(f"there is no thread {thread_ts} in {channel} to answer in")
        if parent is not None and parent.is_reply:
            raise ImpossibleError(f"{thread_ts} is itself a reply: answer in {parent.thread_ts}")

    def _existing(self, channel: str, ts: str) -> Message:
        message = self._workspace.find(channel, ts)
        if message is None:
            raise ImpossibleError(f"there is no message {ts} in {channel}")
        return message

    def _own(self, user: str, channel: str, ts: str) -> Message:
        message = self._existing(channel, ts)
        if message.user != user:
            raise ImpossibleError(f"{ts} was written by {message.user}, not by {user}")
        return message

    def _upload(self, channel: Channel, message: Message, details: Mapping[str, Any]) -> Json:
        file_id, second = self._workspace.mint("F"), int(float(message.ts))
        file = file_body(
            self._workspace,
            file_id,
            str(details["name"]),
            user=str(message.user),
            second=second,
            origin=self._address.origin,
        )
        content: bytes = details.get("content", b"")
        file["size"] = len(content)
        file |= {key: value for key, value in details.items() if key != "content"}
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
