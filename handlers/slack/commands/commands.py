"""The slash command `/desk`.

Only for staff; Slack does not deliver commands of people from other workspaces.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.domain.tickets.refusals import NoSuchTicket
from bot.json_types import Json
from bot.usecases.access import staff_member
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import Place
from bot.views.message import Message
from handlers.slack.commands.asked import Answer
from handlers.slack.commands.words import WORDS, asked_with, near_keys, word_of
from handlers.slack.door import SLACK_TROUBLE, Door
from handlers.slack.sanitize import sanitize

PLACE_SECONDS = 2.0  # Slack waits three seconds for the acknowledgement


class Commands:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def desk(self, ack: Any, body: Json, command: Json) -> None:
        text, actor = sanitize(command.get("text", "")), command["user_id"]
        name = word_of(text)
        word = WORDS.get(name)
        place = await self._place(command["channel_id"]) if word and word.needs_place else None
        changes = word is not None and word.changes
        answer = await self._door.answer(_answer(text, actor, place), changes=changes)
        if isinstance(answer, Message):
            await ack(text=answer.text, blocks=answer.blocks)
        elif isinstance(answer, dict):
            await ack(await self._door.show(body, answer))
        else:
            await ack(answer)

    async def _place(self, channel_id: ChannelId) -> Place | None:
        """Return the facts Slack knows about a channel; None if the call fails."""
        try:
            async with asyncio.timeout(PLACE_SECONDS):
                answer = await self._door.client.conversations_info(channel=channel_id)
        except SLACK_TROUBLE:
            return None
        channel = answer.get("channel") or {}
        shared = ("is_shared", "is_ext_shared", "is_pending_ext_shared", "is_im", "is_mpim")
        is_shared = any(channel.get(name) for name in shared)
        return Place(channel_id, is_shared, bool(channel.get("is_member")))


def _answer(text: str, actor: UserId, place: Place | None) -> Callable[[Desk], Awaitable[Answer]]:
    async def answer(desk: Desk) -> Answer:
        await staff_member(desk, actor)
        word, asked = asked_with(text, actor)
        try:
            return await word.does(desk, replace(asked, place=place))
        except NoSuchTicket as refusal:
            raise NoSuchTicket(refusal.key, await near_keys(desk, asked.key)) from None

    return answer
